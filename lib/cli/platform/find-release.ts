import { setTimeout as sleep } from 'node:timers/promises';
import { ReleaseError } from '../../core/contracts/errors';
import type { ReleaseKey, StageKey, Trigger } from '../../core/contracts/release';
import { readable } from '../../core/contracts/unreadable';
import type { Releases } from '../../ports/releases';

/** What was pushed, and where its release is expected. */
export interface PushedTo extends StageKey {
  readonly commit: string;
}

/** How long to look, and how often, in milliseconds. */
export interface LookOptions {
  readonly interval?: number;
  readonly patience?: number;
  /** What may have started it. */
  readonly triggers?: readonly Trigger['type'][];
}

const NEWEST = 10;

/** A stage that a push makes is there as soon as its release is. */
function noneYet(error: unknown): [] {
  if (error instanceof ReleaseError && error.code === 'StageNotFound') return [];
  throw error;
}

/**
 * Finds the release that a push has started.
 * @throws ReleaseError ReleaseNotFound if none appears, with the reason for which the push was ignored, if it was
 */
export async function findReleaseOf(
  releases: Pick<Releases, 'latest' | 'ignored'>,
  { app, stage, commit }: PushedTo,
  { interval = 100, patience = 60_000, triggers = ['push'] }: LookOptions = {},
): Promise<ReleaseKey> {
  for (let waited = 0; waited <= patience; waited += interval) {
    const latest = readable(await releases.latest({ app, stage }, NEWEST).catch(noneYet));
    const found = latest.find(({ release }) => release.commit === commit && triggers.includes(release.trigger.type));
    if (found) return { app, stage, id: found.release.id };
    await sleep(interval);
  }
  const [ignored] = await releases.ignored(app, 1);
  const why = ignored ? `the last ignored push: ${ignored.reason.message}` : 'no push was recorded as ignored either';
  throw new ReleaseError(
    'ReleaseNotFound',
    `the push of commit ${commit.slice(0, 7)} started no release of "${app}" to "${stage}" (${why}); ` +
      'see the log of the worker Push',
  );
}
