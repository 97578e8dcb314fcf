import { APPLICATION_PREFIX } from '../../lib/core/contracts/code-deploy-names';
import type { Target } from '../../lib/core/contracts/release';
import { mapBounded } from '../../lib/core/map-bounded';
import { readDescription } from '../../lib/core/shift/description';
import type { Apps } from '../../lib/ports/apps';
import type { Log } from '../../lib/ports/log';
import type { Releases } from '../../lib/ports/releases';
import type { ShiftStatus } from '../../lib/ports/shifts';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { unlessUnreadable } from '../../lib/release/unless-unreadable';

export interface StopOrphansPorts {
  readonly apps: Pick<Apps, 'names' | 'find'>;
  readonly releases: Pick<Releases, 'find'>;
  readonly target: TargetPortsOf<'shifts'>;
  readonly log: Log;
}

/** Apps and releases that are looked at side by side. */
const AT_ONCE = 20;

/**
 * Stops deployments whose release no longer runs, which a worker that died or came too late has started, and has
 * CodeDeploy roll them back. None of them has moved traffic unknown to a running release, since only `Wait for shift`
 * lets a deployment begin.
 */
export async function stopOrphans({ apps, releases, target, log }: StopOrphansPorts): Promise<void> {
  const configs = await mapBounded(await apps.names(), AT_ONCE, (name) => apps.find(name));
  const targets = new Map<string, Target>();
  for (const stage of configs.flatMap((config) => Object.values(config?.stages ?? {}))) {
    targets.set(`${stage.target.region} ${stage.target.deployRoleArn}`, stage.target);
  }
  await Promise.all(
    [...targets.values()].map(async (one) => {
      const { shifts } = target(one);
      const open = await shifts.open(APPLICATION_PREFIX);
      const orphans = await mapBounded(open, AT_ONCE, async (deployment) =>
        (await isOrphan(releases, deployment)) ? [deployment] : [],
      );
      for (const { deploymentId, description } of orphans.flat()) {
        log.warn('a deployment of a release that has ended is stopped', { deploymentId, description });
        await shifts.stop(deploymentId);
      }
    }),
  );
}

async function isOrphan(
  releases: StopOrphansPorts['releases'],
  { description, isRollback }: ShiftStatus,
): Promise<boolean> {
  const owner = isRollback ? undefined : readDescription(description);
  if (!owner) return false;
  const record = await unlessUnreadable(releases.find(owner.release));
  // In doubt it runs.
  return !record || ('status' in record && record.status !== 'running');
}
