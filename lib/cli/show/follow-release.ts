import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { classifyError } from '../../aws/clients/classify-error';
import { ReleaseError } from '../../core/contracts/errors';
import type { ReleaseKey } from '../../core/contracts/release';
import type { ReleaseRecord, ServiceRecord } from '../../core/contracts/state';
import type { ReleaseProgress } from '../../ports/release-progress';
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
  readonly progress: ReleaseProgress;
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

const INTERVAL = 500;
/** Milliseconds between two readings while AWS throttles; an account's calls are shared by all who follow. */
const SLOWEST = 10_000;
/** Equal readings in a row after which to ask whether the execution still runs. */
const PATIENCE = 60;
/** Histories of executions in one reading, however many services there are; their turns go round. */
const HISTORIES = 5;

/**
 * Follows a release until it has ended, by reading what the platform records. While AWS throttles it reads more seldom.
 * @returns the release at its end
 * @throws ReleaseError ReleaseNotFound, or ReleaseUnfinished if its execution ended and nothing recorded that
 */
export async function followRelease(
  ports: FollowPorts,
  key: ReleaseKey,
  { onView, interval = INTERVAL, signal }: FollowOptions = {},
): Promise<ReleaseView> {
  const seen: Seen = new Map();
  const read = async (): Promise<ReleaseView> => {
    for (let pause = interval; ; pause = Math.min(2 * pause, SLOWEST)) {
      const found = await unlessThrottled(() => readView(ports, key, seen));
      if (found) return found;
      await sleep(pause, undefined, { signal });
    }
  };
  let view = await read();
  for (let quiet = 0; !hasEnded(view.record); ) {
    onView?.(view);
    await sleep(interval, undefined, { signal });
    const next = await read();
    quiet = isDeepStrictEqual(view, next) ? quiet + 1 : 0;
    // Its end may be recorded just after it: patience once more.
    if (quiet === PATIENCE && (await isRunning(ports, next.record))) quiet = 0;
    if (quiet === 2 * PATIENCE) throw unfinished(next.record);
    view = next;
  }
  onView?.(view);
  return view;
}

/**
 * @returns a release as it stands now
 * @throws ReleaseError ReleaseNotFound
 */
export const lookAtRelease = (ports: FollowPorts, key: ReleaseKey): Promise<ReleaseView> =>
  readView(ports, key, new Map());

/** @returns whether nothing more happens to a release. */
export const hasEnded = ({ status }: Pick<ReleaseRecord, 'status'>): boolean =>
  status !== 'waiting' && status !== 'running';

/** Where services stood when their turn came, by path; those whose turn is longest ago come first. */
type Seen = Map<string, ServiceProgress>;

async function readView(ports: FollowPorts, key: ReleaseKey, seen: Seen): Promise<ReleaseView> {
  const record = await ports.releases.find(key);
  if (!record)
    throw new ReleaseError('ReleaseNotFound', `there is no release ${key.id} of "${key.app}" to "${key.stage}"`);
  const planned = record.plan?.phases.flat() ?? [];
  // Read after the release: once that has ended, the records of its services are complete.
  const services = planned.length > 0 ? await ports.serviceStates.records(key) : [];
  const isDone = new Set(services.map(({ path }) => path));
  const open = hasEnded(record) ? [] : planned.filter(({ path }) => !isDone.has(path));
  await lookAtSome(ports, { record, isDone, seen });
  const running = open.map(({ path }) => seen.get(path) ?? { path, began: {} });
  const isEnding = record.status === 'running' && planned.length > 0 && open.length === 0;
  const ending = isEnding ? (await ports.progress.ofRelease(key)).entered[0]?.name : undefined;
  // What comes of a repository must not reach a terminal as it is.
  return cleanDeep({ record, services, running, ...(ending && { ending }) });
}

interface Looking {
  readonly record: ReleaseRecord;
  readonly isDone: ReadonlySet<string>;
  readonly seen: Seen;
}

/** Brings up to date where some of the services stand that have begun: those of the first phase that is not done. */
async function lookAtSome({ progress }: FollowPorts, { record, isDone, seen }: Looking): Promise<void> {
  if (hasEnded(record)) return;
  const phases = record.plan?.phases ?? [];
  const begun = phases.map((phase) => phase.filter(({ path }) => !isDone.has(path))).find(({ length }) => length > 0);
  const never = (begun ?? []).filter(({ path }) => !seen.has(path)).map(({ path }) => path);
  const turns = [...never, ...[...seen.keys()].filter((path) => !isDone.has(path))].slice(0, HISTORIES);
  if (turns.length === 0) return;
  for (const { path, entered } of await progress.ofServices(keyOf(record), turns)) {
    const one = serviceProgress(path, entered, { release: record.release, before: seen.get(path) });
    seen.delete(one.path); // to the end
    seen.set(one.path, one);
  }
}

/** @returns undefined if AWS throttles, for what was to be read to be read later */
async function unlessThrottled<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (classifyError(error) === 'throttled') return undefined;
    throw error;
  }
}

async function isRunning({ progress }: FollowPorts, record: ReleaseRecord): Promise<boolean> {
  if (record.status === 'waiting' || record.executionArn === undefined) return true;
  return (await progress.ofRelease(keyOf(record))).status === 'running';
}

const keyOf = ({ release: { app, stage, id } }: ReleaseRecord): ReleaseKey => ({ app, stage, id });

const unfinished = ({ release, executionArn }: ReleaseRecord): ReleaseError =>
  new ReleaseError(
    'ReleaseUnfinished',
    `the execution of release ${release.id} has ended, but its end is not recorded; see the log of the worker Finish ` +
      `and the execution ${executionArn}`,
  );
