import { ReleaseError } from '../contracts/errors';
import type { ReleaseKey } from '../contracts/release';

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
      'repeated, so start a new release',
  );
