import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { RefName } from '../../lib/core/contracts/state';
import { readable } from '../../lib/core/contracts/unreadable';
import type { EventHint } from '../../lib/core/trigger/event-hint';
import { refOfRelease } from '../../lib/core/trigger/ref-name';
import { skipMarkOf } from '../../lib/core/trigger/skip-marks';
import type { Releases } from '../../lib/ports/releases';
import type { Source } from '../../lib/ports/source';

export interface FindUnmarkedPorts {
  readonly releases: Pick<Releases, 'latest'>;
  readonly source: Pick<Source, 'commit' | 'lineage'>;
}

/** Other branches may be released to the same stage. */
const HISTORY = 50;
/** So many marked commits in a row nobody makes while an event is under way. */
const MOST_MARKED = 20;

/**
 * Finds what a marked head hides: a bot may put its `[skip ci]` on top of a push before anybody has looked at that. The
 * marked commit asks for no release of itself, not of what was pushed before it.
 * @param asked `head`: the marked commit; `hint`: what the event says that led here. Without one, what was pushed
 *   together is not known, and the nearest commit below that is not marked counts
 * @returns the commit that is to be released; undefined if there is none, or it was released
 */
export async function findUnmarked(
  { releases, source }: FindUnmarkedPorts,
  asked: {
    readonly config: AppConfig;
    readonly stage: string;
    readonly ref: RefName;
    readonly head: string;
    readonly hint?: EventHint;
  },
): Promise<string | undefined> {
  const { config, stage, ref, head, hint } = asked;
  const { app, repository } = config;
  const records = readable(await releases.latest({ app, stage }, HISTORY));
  const last = records.find(({ release }) => refOfRelease(release) === ref && !release.rollback && !release.remove)
    ?.release.commit;
  const isMissed = async (commit: string): Promise<boolean> => {
    const found = commit === head || commit === last ? undefined : await source.commit(repository, commit);
    if (!found || skipMarkOf(found.message) !== undefined) return false;
    if ((await source.lineage(repository, head, commit)) !== 'ahead') return false;
    return last === undefined || ['ahead', 'diverged'].includes(await source.lineage(repository, commit, last));
  };

  if (hint?.after !== undefined && (await isMissed(hint.after))) return hint.after;
  // Where nothing was released, what was there before is old, and not for an event to release.
  if (last === undefined) return undefined;
  if (hint) return hint.before !== undefined && (await isMissed(hint.before)) ? hint.before : undefined;
  const below = await firstUnmarked({ source }, { repository, head, last });
  return below !== undefined && (await isMissed(below)) ? below : undefined;
}

async function firstUnmarked(
  { source }: Pick<FindUnmarkedPorts, 'source'>,
  asked: Pick<AppConfig, 'repository'> & { readonly head: string; readonly last: string },
): Promise<string | undefined> {
  let at: string | undefined = asked.head;
  for (let marked = 0; at !== undefined && at !== asked.last && marked < MOST_MARKED; marked += 1) {
    const found: Awaited<ReturnType<Source['commit']>> = await source.commit(asked.repository, at);
    if (found && skipMarkOf(found.message) === undefined) return at;
    at = found?.parents[0];
  }
  return undefined;
}
