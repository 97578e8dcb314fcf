import { ReleaseError } from '../../core/contracts/errors';
import type { ServicePath, StageKey } from '../../core/contracts/release';
import { serviceOutcomes } from '../../core/record/service-outcomes';
import type { Platform } from '../platform/connect-platform';
import { pickRelease } from '../platform/pick-release';
import { hasEnded } from '../show/follow-release';
import type { ChosenRef } from './choose-ref';

/** What to release again. */
export interface WhatFailed extends ChosenRef {
  /** Absent where the release ended before it had a plan: then all that changed. */
  readonly services?: ServicePath[];
}

/**
 * @param text a release's id, or a part of one; without it the newest release
 * @returns the commit of that release, and those of its services that failed or were not come to
 * @throws ReleaseError `ReleaseNotFound`, or `NothingFailed` if there is nothing to do again
 */
export async function whatFailed(
  { releases, serviceStates }: Pick<Platform, 'releases' | 'serviceStates'>,
  stage: StageKey,
  text?: string,
): Promise<WhatFailed> {
  const record = await pickRelease(releases, stage, text);
  const { release, status, plan } = record;
  const refuse = (why: string) => new ReleaseError('NothingFailed', `release ${release.id} ${why}`);
  if (!hasEnded(record)) throw refuse(`is ${status} still; see it with: seedbed status`);
  if (release.rollback) throw refuse('is a rollback; go back again with: seedbed rollback');
  if (release.remove) throw refuse('is a removal; remove the stage again with: seedbed stage rm');
  const { commit, branch } = release;
  if (!plan && status !== 'succeeded') return { commit, branch };
  const outcomes = serviceOutcomes(record, await serviceStates.records(release));
  const failed = outcomes.filter((one) => one.status === 'failed' || one.status === 'not-run');
  if (failed.length === 0) throw refuse('has no service that failed');
  return { commit, branch, services: failed.map(({ path }) => path) };
}
