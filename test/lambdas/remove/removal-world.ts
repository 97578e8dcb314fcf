import { waitForStack } from '../../../lambdas/deploy/wait-for-stack';
import { recordFailure } from '../../../lambdas/record/record-failure';
import { emptyBuckets } from '../../../lambdas/remove/empty-buckets';
import { prepareRemoval } from '../../../lambdas/remove/prepare-removal';
import { recordRemoval } from '../../../lambdas/remove/record-removal';
import { removeShifts } from '../../../lambdas/remove/remove-shifts';
import { startStackDeletion } from '../../../lambdas/remove/start-stack-deletion';
import { verifyRemoval } from '../../../lambdas/remove/verify-removal';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { serviceWorld } from '../deploy/service-world';

/** The states of ServiceRelease that remove a service, but for its hooks. */
export type RemovalState =
  | 'Prepare removal'
  | 'Remove shifts'
  | 'Empty buckets'
  | 'Start stack deletion'
  | 'Wait for stack deletion'
  | 'Verify removal'
  | 'Record removal';

export interface RemovalOptions {
  readonly emptyBuckets?: boolean;
  /** Every worker is run twice with one input, as after an answer that got lost. */
  readonly repeat?: boolean;
  /** What came of a hook whose code was gone. */
  readonly hookError?: { readonly Error: string; readonly Cause: string };
  /** Runs when a worker has answered: what others do meanwhile. */
  readonly after?: Partial<Record<RemovalState, () => unknown>>;
}

export interface RemovalEnd {
  readonly release: Release;
  readonly record: ServiceRecord;
  readonly error?: Error;
  readonly states: readonly RemovalState[];
}

/** One service in one stage, all in memory, and a way to deploy and to remove it. */
export function removalWorld() {
  const world = serviceWorld();
  const { ports } = world;
  const workers = {
    'Prepare removal': prepareRemoval(ports),
    'Remove shifts': removeShifts(ports),
    'Empty buckets': emptyBuckets(ports),
    'Start stack deletion': startStackDeletion(ports),
    'Wait for stack deletion': waitForStack(ports),
    'Verify removal': verifyRemoval(ports),
    'Record removal': recordRemoval(ports),
  };

  /** Takes the service the way of ServiceRelease, each payload as JSON. */
  async function remove(options: RemovalOptions = {}): Promise<RemovalEnd> {
    const remove = { emptyBuckets: options.emptyBuckets ?? false };
    const release: Release = { ...world.nextRelease(), remove, trigger: { type: 'remove', id: 'event-1' } };
    const subject = { release, service: { path: 'orders', reasons: [] } };
    const states: RemovalState[] = [];
    const call = async <Name extends RemovalState>(name: Name, input: object = {}) => {
      const event = JSON.parse(JSON.stringify({ ...subject, ...input }));
      const worker = workers[name] as (event: unknown) => ReturnType<(typeof workers)[Name]>;
      if (options.repeat) await worker(event);
      states.push(name);
      const output = await worker(event);
      await options.after?.[name]?.();
      return output as Awaited<ReturnType<(typeof workers)[Name]>>;
    };
    let deleted = 0;
    let removal: Awaited<ReturnType<(typeof workers)['Prepare removal']>>;
    try {
      removal = await call('Prepare removal');
      while ((await call('Remove shifts')).status === 'running');
      for (let attempt = 1; ; attempt += 1) {
        let emptied = await call('Empty buckets', { removal, deleted });
        while (emptied.status === 'running')
          emptied = await call('Empty buckets', { removal, deleted: emptied.deleted });
        deleted = emptied.deleted;
        const operation = await call('Start stack deletion', { removal, attempt });
        while ((await call('Wait for stack deletion', { operation })).status === 'running');
        if ((await call('Verify removal', { removal, attempt })).status === 'gone') break;
      }
      const record = await call('Record removal', {
        removal,
        deleted,
        hookError: options.hookError ?? null,
        marks: { deploy: 0, record: 1 },
      });
      return { release, record, states };
    } catch (error) {
      const { name, message } = error as Error;
      const caught = { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) };
      const record = await recordFailure(ports)({ ...subject, error: caught, decision: null, marks: { deploy: 0 } });
      return { release, record, error: error as Error, states };
    }
  }

  return { ...world, remove };
}
