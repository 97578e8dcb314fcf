import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ReleaseError } from '../../core/contracts/errors';
import { serviceExecutionName } from '../../core/contracts/execution-name';
import type { ReleaseKey } from '../../core/contracts/release';
import type { ReleaseRecord, ServiceRecord } from '../../core/contracts/state';
import type { ExecutionProgress } from '../../ports/execution-progress';
import type { Executions } from '../../ports/executions';
import type { Releases } from '../../ports/releases';
import type { ServiceStates } from '../../ports/service-states';
import { cleanDeep } from './clean-text';
import { type ServiceProgress, serviceProgress } from './service-progress';

/** A release as it stands at one moment. */
export interface ReleaseView {
  readonly record: ReleaseRecord;
  /** What became of the services that are done. */
  readonly services: readonly ServiceRecord[];
  /** The planned services that are not. */
  readonly running: readonly ServiceProgress[];
  /** The state that the release itself is in when all services are done. */
  readonly ending?: string;
}

/** What following a release reads. */
export interface FollowPorts {
  readonly releases: Pick<Releases, 'find'>;
  readonly serviceStates: Pick<ServiceStates, 'records'>;
  readonly progress: ExecutionProgress;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Pick<Executions, 'arnOf'>;
  /** Executions of the state machine `Release`. */
  readonly executions: Pick<Executions, 'status'>;
}

/** How to follow. */
export interface FollowOptions {
  /** Called with each reading, also if nothing has changed. */
  readonly onView?: (view: ReleaseView) => void;
  /** Milliseconds between two readings. */
  readonly interval?: number;
  /** Stops following; the release goes on. */
  readonly signal?: AbortSignal;
}

const INTERVAL = 300;
/** Equal readings in a row after which to ask whether the execution still runs. */
const PATIENCE = 100;

/**
 * Follows a release until it has ended, by reading what the platform records.
 * @returns the release at its end
 * @throws ReleaseError ReleaseNotFound, or ReleaseUnfinished if its execution ended and nothing recorded that
 */
export async function followRelease(
  ports: FollowPorts,
  key: ReleaseKey,
  { onView, interval = INTERVAL, signal }: FollowOptions = {},
): Promise<ReleaseView> {
  let view = await readView(ports, key, []);
  for (let quiet = 0; !hasEnded(view.record); ) {
    onView?.(view);
    await sleep(interval, undefined, { signal });
    const next = await readView(ports, key, view.running);
    quiet = isDeepStrictEqual(view, next) ? quiet + 1 : 0;
    // Its end may be recorded just after it: patience once more.
    if (quiet === PATIENCE && (await isRunning(ports, next.record))) quiet = 0;
    if (quiet === 2 * PATIENCE) throw unfinished(next.record);
    view = next;
  }
  onView?.(view);
  return view;
}

/** @returns whether nothing more happens to a release. */
export const hasEnded = ({ status }: Pick<ReleaseRecord, 'status'>): boolean =>
  status !== 'waiting' && status !== 'running';

async function readView(
  { releases, serviceStates, progress, serviceExecutions }: FollowPorts,
  key: ReleaseKey,
  known: readonly ServiceProgress[],
): Promise<ReleaseView> {
  const record = await releases.find(key);
  if (!record)
    throw new ReleaseError('ReleaseNotFound', `there is no release ${key.id} of "${key.app}" to "${key.stage}"`);
  const planned = record.plan?.phases.flat() ?? [];
  // Read after the release: once that has ended, the records of its services are complete.
  const services = planned.length > 0 ? await serviceStates.records(key) : [];
  const isDone = new Set(services.map(({ path }) => path));
  const open = hasEnded(record) ? [] : planned.filter(({ path }) => !isDone.has(path));
  const running = await Promise.all(
    open.map(async ({ path }) => {
      const arn = serviceExecutions.arnOf(serviceExecutionName(record.release, path));
      const before = known.find((one) => one.path === path);
      return serviceProgress(path, await progress.entered(arn), { release: record.release, before });
    }),
  );
  const isEnding = record.status === 'running' && planned.length > 0 && open.length === 0;
  const ending = isEnding && record.executionArn ? (await progress.entered(record.executionArn))[0]?.name : undefined;
  // What comes of a repository must not reach a terminal as it is.
  return cleanDeep({ record, services, running, ...(ending && { ending }) });
}

async function isRunning({ executions }: FollowPorts, { status, executionArn }: ReleaseRecord): Promise<boolean> {
  if (status === 'waiting' || executionArn === undefined) return true;
  return (await executions.status(executionArn)) === 'running';
}

const unfinished = ({ release, executionArn }: ReleaseRecord): ReleaseError =>
  new ReleaseError(
    'ReleaseUnfinished',
    `the execution of release ${release.id} has ended, but its end is not recorded; see the log of the worker Finish ` +
      `and the execution ${executionArn}`,
  );
