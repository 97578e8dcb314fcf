import type { Plan, ServiceRecord, StepError } from '../contracts/state';
import { boundText } from '../text/bound-text';
import { nameSome } from '../text/name-some';

/** How an execution of `Release` came to its end. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly error?: undefined }
  | { readonly status: 'failed' | 'aborted'; readonly error: StepError };

/**
 * What a release tells of its services itself is stored in one item, of which DynamoDB takes 400 KB, and sent on in
 * events of 256 KB: so many of them, with so many characters of each one's message. Each service has its own in full.
 */
const MOST_FAILURES = 20;
const LONGEST_FAILURE = 1_000;

/**
 * @returns the outcome, explained by the services that failed (they know why; the release only knows that they did),
 *   and by those that did not run because of it
 */
export function explainOutcome(outcome: Outcome, services: readonly ServiceRecord[], plan?: Plan): Outcome {
  if (outcome.status === 'succeeded' || outcome.error.code !== 'ServiceFailed') return outcome;
  const failures = services.flatMap(({ path, error }) =>
    error ? [`service "${path}": ${boundText(error.message, LONGEST_FAILURE)}`] : [],
  );
  if (failures.length === 0) return outcome;
  const waited = didNotRun(plan, services);
  const more = failures.length - MOST_FAILURES;
  const others = [
    ...(more > 0 ? [`and ${more} more services failed`] : []),
    ...(waited.length === 0 ? [] : [`did not run, since an earlier phase failed: ${nameSome(waited)}`]),
  ];
  const message = [...failures.slice(0, MOST_FAILURES), ...others].join('; ');
  return { ...outcome, error: { code: 'ServiceFailed', message } };
}

/** @returns the services of the phases after the first in which one failed. */
export function didNotRun(plan: Plan | undefined, services: readonly ServiceRecord[]): readonly string[] {
  const failed = new Set(services.filter(({ status }) => status === 'failed').map(({ path }) => path));
  const phases = plan?.phases ?? [];
  const stopped = phases.findIndex((phase) => phase.some(({ path }) => failed.has(path)));
  if (stopped === -1) return [];
  const recorded = new Set(services.map(({ path }) => path));
  const later = phases.slice(stopped + 1).flat();
  return later.map(({ path }) => path).filter((path) => !recorded.has(path));
}
