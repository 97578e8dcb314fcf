import type { ReleaseRecord, ServiceRecord, ServiceState } from '../contracts/state';
import { executionUrl } from '../text/console-url';

/** A stage and its releases as they are at one moment: what notices are made of, whichever event was the occasion. */
export interface StageView {
  /** Newest first. */
  readonly latest: readonly ReleaseRecord[];
  readonly states: readonly ServiceState[];
  /** Whether there is a console for people to see executions in; not so on the local cloud. */
  readonly hasConsole: boolean;
}

/** A release with what it did. */
export interface ReleaseView {
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

/** @returns the release that says how the stage is: what runs, or else what ended last, or else what waits. */
export function telling(latest: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const having = (...wanted: ReleaseRecord['status'][]) => latest.find(({ status }) => wanted.includes(status));
  return having('running') ?? having('succeeded', 'failed', 'aborted') ?? having('waiting') ?? latest[0];
}

/**
 * @returns the release that speaks for a commit: the newest one of it, but one that another took the place of only if there
 *   is no other; a removal says nothing of a commit
 */
export function speakingFor(commit: string, latest: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const of = latest.filter(({ release }) => release.commit === commit && !release.remove);
  return of.find(({ status }) => status !== 'superseded') ?? of[0];
}

/** @returns where people see a release's execution, if there is such a place. */
export const linkTo = ({ executionArn }: ReleaseRecord, { hasConsole }: Pick<StageView, 'hasConsole'>) =>
  executionArn && hasConsole ? executionUrl(executionArn) : undefined;
