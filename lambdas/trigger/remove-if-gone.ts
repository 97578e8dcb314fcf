import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { Removal, Repository } from '../../lib/core/contracts/release';
import { type ListedRelease, readable } from '../../lib/core/contracts/unreadable';
import { mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import { removeStage } from '../../lib/release/queue/remove-stage';
import type { Outcome, ReleaseRefPorts } from './release-ref';

/** After so many failed removals in a row, somebody has to look: the stage is shown as left behind. */
const TRIES = 3;
/** A stage is made a moment before its first release is accepted. */
const WITHOUT_RELEASE = 60 * 60_000;

/** Removes a stage whose pull request or branch is gone, even if earlier removals of it have failed. */
export async function removeIfGone(
  ports: ReleaseRefPorts,
  { config, made }: { readonly config: AppConfig; readonly made: MadeStage },
): Promise<readonly Outcome[]> {
  const { app, stage, origin } = made;
  const [records, isThere] = await Promise.all([
    ports.releases.latest({ app, stage }, TRIES),
    // The list may have been read a moment before the stage was made.
    isStillThere(ports, config.repository, made),
  ]);
  if (isThere || !mayTry(records)) return [];
  const because: Removal['because'] = origin.kind === 'branch' ? 'branch-deleted' : 'pull-request-closed';
  const removing = await removeStage(ports, {
    config,
    stage,
    made,
    removal: { emptyBuckets: mayEmptyBuckets(config, made), because },
    trigger: { id: `reconcile/after-${records[0]?.release.id}/${stage}` },
  });
  if (removing) return [{ stage, removing }];
  const isLeftover = ports.now() - Date.parse(made.madeAt) > WITHOUT_RELEASE;
  if (isLeftover) await ports.stages.forget({ app, stage });
  return [];
}

async function isStillThere(
  { source }: Pick<ReleaseRefPorts, 'source'>,
  repository: Repository,
  { origin }: MadeStage,
): Promise<boolean> {
  if (origin.kind === 'branch') return (await source.head(repository, { branch: origin.branch })) !== undefined;
  return (await source.pullRequest(repository, origin.number))?.state === 'open';
}

function mayTry(listed: readonly ListedRelease[]): boolean {
  const records = readable(listed);
  if (records.length < listed.length) return false;
  const [newest] = records;
  if (!newest?.release.remove) return true;
  if (newest.status === 'waiting' || newest.status === 'running') return false;
  // Somebody wanted it to stay as it is.
  if (newest.cancel) return false;
  return records.length < TRIES || !records.every(({ release, status }) => release.remove && status !== 'succeeded');
}
