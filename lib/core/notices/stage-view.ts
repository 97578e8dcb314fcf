import type { ReleaseRecord, ServiceRecord, ServiceState } from '../contracts/state';
import { executionUrl } from '../text/console-url';

/** A stage and its releases at one moment. Notices are made of this, whichever event caused them. */
export interface StageView {
  /** Newest first. */
  readonly latest: readonly ReleaseRecord[];
  readonly states: readonly ServiceState[];
  /** Whether there is a console in which people can see executions; the local cloud has none. */
  readonly hasConsole: boolean;
}

/** A release with what it did. */
export interface ReleaseView {
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

/**
 * @returns the release that stands for the stage: the running one, or else the last to end, or else the waiting one.
 */
export function telling(latest: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const having = (...wanted: ReleaseRecord['status'][]) => latest.find(({ status }) => wanted.includes(status));
  return having('running') ?? having('succeeded', 'failed', 'aborted') ?? having('waiting') ?? latest[0];
}

/**
 * @returns the release that stands for a commit: its newest one, a superseded one only if there is no other. Removals
 *   do not count
 */
export function speakingFor(commit: string, latest: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const of = latest.filter(({ release }) => release.commit === commit && !release.remove);
  return of.find(({ status }) => status !== 'superseded') ?? of[0];
}

/** @returns the URL at which people see a release's execution, if there is one. */
export const linkTo = ({ executionArn }: ReleaseRecord, { hasConsole }: Pick<StageView, 'hasConsole'>) =>
  executionArn && hasConsole ? executionUrl(executionArn) : undefined;
