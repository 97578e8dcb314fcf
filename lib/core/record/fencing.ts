import { ReleaseError } from '../contracts/errors';
import type { ReleaseKey } from '../contracts/release';
import type { ReleaseRecord } from '../contracts/state';

/** @returns the error for a release that writes a service's state after a newer release has, or after its own end. */
export const releaseSuperseded = ({ app, stage, id }: ReleaseKey, path: string): ReleaseError =>
  new ReleaseError(
    'ReleaseSuperseded',
    `release ${id} can no longer change service "${path}" of ${app} in stage "${stage}", because a newer release ` +
      'has changed it, or this one was stopped and what it had begun there is undone; look at the newest release',
  );

/** @returns the error for an execution whose release does not hold its stage's lock, such as one started by hand. */
export const releaseNotRunning = ({ app, stage, id }: ReleaseKey): ReleaseError =>
  new ReleaseError(
    'ReleaseSuperseded',
    `release ${id} of ${app} to stage "${stage}" is not the one that is running; an execution cannot be ` +
      `repeated or redriven; start a new release: npx seedbed deploy --app ${app} --stage ${stage}`,
  );

/** How a release stands. */
export interface Standing {
  readonly status: ReleaseRecord['status'];
  /** Whether somebody has cancelled it. */
  readonly isCancelled: boolean;
}

/**
 * Refuses a change that a release may not make any more.
 * @param standing how it stands at this moment; undefined if nobody knows it
 * @param undoes whether the change undoes what a cancelled release has begun
 * @throws ReleaseError `ReleaseSuperseded`
 */
export function refuseUnlessRunning(release: ReleaseKey, standing: Standing | undefined, undoes = false): void {
  if (standing?.status !== 'running') throw releaseNotRunning(release);
  if (standing.isCancelled && !undoes) throw releaseCancelled(release);
}

/** @returns the error for a worker whose release was cancelled while it was at work. */
const releaseCancelled = ({ app, stage, id }: ReleaseKey): ReleaseError =>
  new ReleaseError(
    'ReleaseSuperseded',
    `release ${id} of ${app} to stage "${stage}" was cancelled: it changes nothing more`,
  );
