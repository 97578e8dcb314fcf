import { ReleaseError } from '../contracts/errors';
import type { ReleaseKey } from '../contracts/release';

/** @returns the error of a release that writes a service's state after a newer release has. */
export const releaseSuperseded = ({ app, stage, id }: ReleaseKey, path: string): ReleaseError =>
  new ReleaseError(
    'ReleaseSuperseded',
    `release ${id} may no longer change service "${path}" of ${app} in stage "${stage}": a newer release has; look at that one`,
  );

/** @returns the error of an execution whose release does not hold its stage's lock, as one started by hand. */
export const releaseNotRunning = ({ app, stage, id }: ReleaseKey): ReleaseError =>
  new ReleaseError(
    'ReleaseSuperseded',
    `release ${id} of ${app} to stage "${stage}" is not the one that runs; an execution cannot be repeated, start a new release`,
  );
