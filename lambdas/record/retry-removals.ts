import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import { readable } from '../../lib/core/contracts/unreadable';
import { nextRemoval, RELEASES_LOOKED_AT } from '../../lib/core/removal/next-removal';
import { mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import type { Apps } from '../../lib/ports/apps';
import type { Log } from '../../lib/ports/log';
import type { Stages } from '../../lib/ports/stages';
import { removeStage } from '../../lib/release/queue/remove-stage';
import type { StartReleasePorts } from '../../lib/release/queue/start-release';
import { tryAll } from '../../lib/release/try-all';
import { type ForgetStagePorts, forgetStage } from './forget-stage';

export interface RetryRemovalsPorts extends StartReleasePorts, Pick<ForgetStagePorts, 'environments'> {
  readonly apps: Pick<Apps, 'names' | 'find'>;
  readonly stages: Stages;
  readonly log: Log;
}

/** Asks again for the removal of made stages that should be gone by now, and forgets those that have nothing left. */
export async function retryRemovals(ports: RetryRemovalsPorts): Promise<void> {
  const names = await ports.apps.names();
  await tryAll(names, AT_ONCE, async (name) => {
    const [config, made] = await Promise.all([ports.apps.find(name), ports.stages.list(name)]);
    if (config) await tryAll(made, AT_ONCE, (stage) => lookAfter(ports, config, stage));
  });
}

/** Apps, and of each of them made stages, that are looked after side by side. */
const AT_ONCE = 5;

async function lookAfter(ports: RetryRemovalsPorts, config: AppConfig, made: MadeStage): Promise<void> {
  const { app, stage, removeAskedAt } = made;
  if (removeAskedAt === undefined) return;
  const listed = await ports.releases.latest(made, RELEASES_LOOKED_AT);
  const latest = readable(listed);
  // What a newer version of Seedbed does with the stage is its business.
  if (latest.length < listed.length) return ports.log.warn('a stage is left alone: its releases cannot be read', made);
  const last = latest[0]?.release;
  const next = nextRemoval(removeAskedAt, latest, ports.now());
  if (next === 'forget') return forgetStage(ports, { ...made, id: last?.id });
  if (next === 'wait') return;
  ports.log.warn('a stage that should be gone is removed again', { app, stage, removeAskedAt, last: last?.id });
  const removal = last?.remove ?? { emptyBuckets: mayEmptyBuckets(config, made) };
  // The same id again is the same release: two sweeps ask for one.
  await removeStage(ports, {
    config,
    stage,
    made,
    removal,
    trigger: { id: `again-${last?.id}`, by: last?.remove ? last.trigger.by : undefined },
  });
}
