import type { PublishedVersion } from '../../lib/core/record/prunable-versions';
import { replacedWorkerVersions } from '../../lib/core/record/prunable-worker-versions';
import type { Log } from '../../lib/ports/log';
import type { Versions } from '../../lib/ports/versions';
import type { WorkerVersions } from '../../lib/ports/worker-versions';

export interface PruneWorkersPorts {
  readonly called: WorkerVersions;
  /** Of the platform's own functions. */
  readonly versions: Pick<Versions, 'list' | 'delete'>;
  readonly log: Pick<Log, 'info'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Deletes versions of the platform's own workers that no execution calls any more. Each deployment of the platform
 * leaves those that it replaces, so that releases end on the workers that they began with.
 *
 * @returns how many were deleted
 */
export async function pruneWorkers({ called, versions, log, now }: PruneWorkersPorts): Promise<number> {
  const replaced: { readonly name: string; readonly one: PublishedVersion }[] = [];
  for (const [name, current] of await called.current()) {
    const published = await versions.list(name);
    replaced.push(...replacedWorkerVersions({ published, current }, now()).map((one) => ({ name, one })));
  }
  // On most nights nothing was deployed the day before.
  if (replaced.length === 0) return 0;
  const running = await called.running();
  let bytes = 0;
  let deleted = 0;
  for (const { name, one } of replaced) {
    if (running.get(name)?.has(one.version)) continue;
    if ((await versions.delete(name, one.version)) !== 'deleted') continue;
    deleted += 1;
    bytes += one.size;
  }
  log.info('deleted versions of workers that no release calls any more', { versions: deleted, bytes });
  return deleted;
}
