import type { AppConfig } from '../../lib/core/contracts/app-config';
import { readable } from '../../lib/core/contracts/unreadable';
import type { IgnoredReason } from '../../lib/core/trigger/map-ref';
import {
  areCompared,
  outOfOrder,
  type TaggedCommit,
  versionOfTag,
  whyOlder,
  withoutVersion,
} from '../../lib/core/trigger/tag-order';
import type { Releases } from '../../lib/ports/releases';
import type { Source } from '../../lib/ports/source';

export interface JudgeTagPorts {
  readonly releases: Pick<Releases, 'latest'>;
  readonly source: Pick<Source, 'lineage'>;
}

/** Between two releases of tags to a stage there may be releases of its branches, and rollbacks. */
const HISTORY = 50;

const tagOrderOf = ({ stages }: Pick<AppConfig, 'stages'>, stage: string) => stages[stage]?.tagOrder ?? 'newest-commit';

/**
 * Says why a stage does not take a tag: it would take the stage back. What counts is the tag that was accepted last,
 * whatever has become of its release or of the tag since.
 */
export async function judgeTag(
  { releases, source }: JudgeTagPorts,
  { config, stage, tag, commit }: TaggedCommit & { readonly config: AppConfig; readonly stage: string },
): Promise<IgnoredReason | undefined> {
  const order = tagOrderOf(config, stage);
  if (order === 'any') return undefined;
  if (order === 'semver' && !versionOfTag(tag)) return withoutVersion(stage, tag);
  const records = readable(await releases.latest({ app: config.app, stage }, HISTORY));
  const last = records.find(
    ({ release }) =>
      release.tag !== undefined && !release.rollback && !release.remove && areCompared(order, tag, release.tag),
  )?.release;
  if (last?.tag === undefined) return undefined;
  const other = { tag: last.tag, commit: last.commit };
  const lineage = await source.lineage(config.repository, commit, other.commit);
  const why = whyOlder(order, { tag, commit }, { other, lineage });
  return why === undefined ? undefined : outOfOrder(stage, tag, { than: other.tag, why });
}

/** So many tags that came together are compared by their commits; more of them only by their names. */
const MOST_COMPARED = 20;

/**
 * Finds the newest of several tags for a stage by its order, so that the others are older once that one is accepted.
 * @param tags those that seem to be the newest first
 * @returns the tags in the order in which they are to be released
 */
export async function inOrder(
  { source }: Pick<JudgeTagPorts, 'source'>,
  tags: readonly TaggedCommit[],
  { config, stage }: { readonly config: AppConfig; readonly stage: string },
): Promise<readonly string[]> {
  const order = tagOrderOf(config, stage);
  const names = tags.map(({ tag }) => tag);
  // All of them are released: the newest last, so that the stage keeps it.
  if (order === 'any') return [...names].reverse();
  let newest = tags[0];
  for (const one of tags.slice(1, MOST_COMPARED)) {
    const lineage = await source.lineage(config.repository, newest!.commit, one.commit);
    if (whyOlder(order, newest!, { other: one, lineage }) !== undefined) newest = one;
  }
  return newest === undefined ? [] : [newest.tag, ...names.filter((tag) => tag !== newest.tag)];
}
