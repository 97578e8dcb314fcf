import type { ReleaseView } from '../show/follow-release';
import type { DemoPush, DemoQuestion } from './demo-act';

/** What an API answered. */
export interface DemoAnswer {
  readonly question: DemoQuestion;
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/**
 * @param view the release at its end
 * @returns what went differently than the act expects, in words; empty if everything went as it should
 */
export function unexpected(
  push: DemoPush,
  { record, services }: ReleaseView,
  answers: readonly DemoAnswer[],
): string[] {
  const planned = (record.plan?.phases.flat() ?? []).map(({ path }) => path).sort();
  const expected = push.services.map(({ service }) => service).sort();
  return [
    ...differ('the release', push.outcome, record.status),
    ...differ('services that the plan picks', listed(expected), listed(planned)),
    ...push.services.flatMap(({ service, decision, functions, error }) => {
      const found = services.find(({ path }) => path === service);
      const updated = (found?.functions ?? []).filter((one) => one.updated).map(({ logicalId }) => logicalId);
      return [
        ...differ(`the decision for ${service}`, decision, found?.decision?.kind ?? 'none'),
        ...(decision === 'full'
          ? []
          : differ(`functions updated of ${service}`, listed([...functions].sort()), listed(updated.sort()))),
        ...(error ? differ(`the error of ${service}`, error, found?.error?.code ?? 'none') : []),
      ];
    }),
    ...answers.flatMap(({ question, url, status, text }) =>
      status === 200 && text.includes(question.expect)
        ? []
        : [`${url}: expected 200 with ${question.expect}, but it answered ${status}: ${text.slice(0, 300)}`],
    ),
  ];
}

const differ = (what: string, expected: string, found: string): string[] =>
  expected === found ? [] : [`${what}: expected ${expected}, but it was ${found}`];

const listed = (names: readonly string[]): string => names.join(', ') || 'none';
