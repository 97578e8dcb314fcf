import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { Removal } from '../../lib/core/contracts/release';
import { type ListedRelease, readable } from '../../lib/core/contracts/unreadable';
import { isRetargeted } from '../../lib/core/trigger/map-ref';
import { refOfOrigin } from '../../lib/core/trigger/ref-name';
import { mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import { removalOf } from '../../lib/release/queue/remove-stage';
import { requireSameRepository } from '../../lib/release/queue/same-repository';
import { startRelease } from '../../lib/release/queue/start-release';
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
  const { app, stage } = made;
  const records = await ports.releases.latest({ app, stage }, TRIES);
  if (!mayTry(records)) return [];
  const result = await startRelease<'wanted' | 'nothing'>(ports, {
    config,
    stage,
    force: false,
    trigger: { type: 'remove', id: `reconcile/after-${records[0]?.release.id}/${stage}` },
    async subject() {
      // The list may have been read a moment before the stage was made.
      const because = await whyGone(ports, config, made);
      if (!because) return { instead: 'wanted' };
      await requireSameRepository(ports, config);
      const removal = { emptyBuckets: mayEmptyBuckets(config, made), because };
      const subject = await removalOf(ports, { config, stage, made, removal });
      const ref = refOfOrigin(made.origin);
      return subject ? { ...subject, move: { ref, once: false } } : { instead: 'nothing', settle: { ref } };
    },
  });
  if (typeof result !== 'string') return [{ stage, removing: result }];
  const isLeftover = result === 'nothing' && ports.now() - Date.parse(made.madeAt) > WITHOUT_RELEASE;
  if (isLeftover) await ports.stages.forget({ app, stage });
  return [];
}

async function whyGone(
  { source }: Pick<ReleaseRefPorts, 'source'>,
  config: AppConfig,
  { origin }: MadeStage,
): Promise<Removal['because']> {
  const { repository } = config;
  if (origin.kind === 'branch') {
    return (await source.head(repository, { branch: origin.branch })) ? undefined : 'branch-deleted';
  }
  const request = await source.pullRequest(repository, origin.number);
  if (request?.state !== 'open') return 'pull-request-closed';
  return isRetargeted(config, request) ? 'pull-request-retargeted' : undefined;
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
