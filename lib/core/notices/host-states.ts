import type { Release } from '../contracts/release';
import type { ReleaseRecord } from '../contracts/state';

/** States of a commit, as GitHub has them. */
export type CommitState = 'pending' | 'success' | 'failure' | 'error';
/** States of one of GitHub's deployments. */
export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

const COMMIT_STATES: Readonly<Record<ReleaseRecord['status'], CommitState>> = {
  waiting: 'pending',
  running: 'pending',
  succeeded: 'success',
  failed: 'failure',
  aborted: 'error',
  superseded: 'error',
};

export const commitState = ({ status }: ReleaseRecord): CommitState => COMMIT_STATES[status];

const DEPLOYMENT_STATES: Partial<Record<ReleaseRecord['status'], DeploymentState>> = {
  running: 'in_progress',
  succeeded: 'success',
  failed: 'failure',
  aborted: 'error',
};

/**
 * @returns the state of GitHub's deployment of a release, or undefined if there should be none because nothing of it
 *   has run yet. A release that succeeded but is not the last to do so no longer serves, nor does any of a removed
 *   stage
 */
export function deploymentState(
  { release, status, startedAt }: ReleaseRecord,
  latest: readonly ReleaseRecord[],
): DeploymentState | undefined {
  const state = startedAt ? DEPLOYMENT_STATES[status] : undefined;
  if (state === undefined) return undefined;
  const later = latest.filter((one) => one.status === 'succeeded' && one.release.id > release.id);
  const isOver = state === 'success' ? later.length > 0 : later.some((one) => one.release.remove);
  return isOver ? 'inactive' : state;
}

/** @returns whether a stage is production to people: traffic moves gradually there, or its name says so. */
export const isProduction = ({ stage, template, shift }: Release): boolean =>
  template === undefined && (shift.shift.kind !== 'all-at-once' || /^prod(uction)?$/.test(stage));
