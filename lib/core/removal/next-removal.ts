import type { ReleaseRecord } from '../contracts/state';
import { REMOVAL_OVERDUE } from '../trigger/orphans';

/** How often a failed removal is requested again automatically. */
const RETRIES = 3;

/** How many of a stage's newest releases have to be known. */
export const RELEASES_LOOKED_AT = RETRIES + 1;

/**
 * Decides what to do about a made stage that still exists although its removal was requested. A failed removal is
 * requested again after half an hour, at most three times in a row; one that somebody stopped is not.
 *
 * @param askedAt ISO time
 * @param latest the newest releases of the stage, newest first
 * @param now epoch milliseconds
 * @returns `ask`: request its removal again · `forget`: nothing is left · `wait`: for what is running, or for a person
 */
export function nextRemoval(
  askedAt: string,
  latest: readonly Pick<ReleaseRecord, 'release' | 'status'>[],
  now: number,
): 'ask' | 'forget' | 'wait' {
  if (now - Date.parse(askedAt) < REMOVAL_OVERDUE) return 'wait';
  const [newest] = latest;
  if (!newest) return 'forget';
  if (newest.status === 'waiting' || newest.status === 'running') return 'wait';
  // Whoever asked died before the removal was accepted.
  if (!newest.release.remove) return 'ask';
  if (newest.status !== 'failed') return newest.status === 'succeeded' ? 'forget' : 'wait';
  const others = latest.findIndex(({ release, status }) => !release.remove || status !== 'failed');
  const failed = others === -1 ? latest.length : others;
  return failed <= RETRIES ? 'ask' : 'wait';
}
