import type { AppConfig } from '../../core/contracts/app-config';
import type { MadeStage } from '../../core/contracts/made-stage';
import type { StageKey } from '../../core/contracts/release';
import type { ReleaseRecord, ServiceRecord, ServiceState } from '../../core/contracts/state';
import { isReadable, readable, type UnreadableRelease } from '../../core/contracts/unreadable';
import { mapBounded } from '../../core/map-bounded';
import { notInCommit } from '../../core/plan/not-in-commit';
import type { Platform } from '../platform/connect-platform';
import { hasEnded } from '../show/follow-release';

/** How a stage stands. */
export interface StageStatus extends StageKey {
  /** Set if a pull request or a branch made it. */
  readonly made?: MadeStage;
  readonly running?: ReleaseRecord;
  readonly waiting?: ReleaseRecord;
  /** The newest release that has ended and was not just superseded. */
  readonly last?: ReleaseRecord;
  /** Of the newest releases those that cannot be read: what they did, or do, is not known. */
  readonly unreadable: readonly UnreadableRelease[];
  readonly services: readonly ServiceState[];
  /** Services that are deployed, and that the commit of the newest plan does not have. */
  readonly notInCommit: readonly string[];
  /** Services that the release that says how the stage stands was to deploy first, and did not begin. */
  readonly notBegun: readonly NotBegun[];
}

/** A service that the stage does not have, since the release that was to bring it ended before. */
interface NotBegun {
  readonly path: string;
  /** That release. */
  readonly releaseId: string;
}

export type StatusPorts = Pick<Platform, 'releases' | 'stages' | 'serviceStates'>;

/** Releases behind the newest among which the last that ran is looked for. */
const NEWEST = 10;
/** An app may have hundreds of stages, of branches and pull requests. */
const AT_ONCE = 10;

/** @returns how the stages of an app stand, configured ones first. */
export async function readStatuses(ports: StatusPorts, { app, stages }: AppConfig): Promise<readonly StageStatus[]> {
  const made = await ports.stages.list(app);
  const all = [
    ...Object.keys(stages).map((stage) => ({ stage, made: undefined })),
    ...made.map((one) => ({ stage: one.stage, made: one })),
  ];
  return mapBounded(all, AT_ONCE, async ({ stage, made }) => ({ ...(await readStatus(ports, { app, stage })), made }));
}

/** @returns how a stage stands. */
export async function readStatus({ releases, serviceStates }: StatusPorts, key: StageKey): Promise<StageStatus> {
  const [listed, services] = await Promise.all([releases.latest(key, NEWEST), serviceStates.list(key)]);
  const newest = readable(listed);
  const running = newest.find(({ status }) => status === 'running');
  const last = newest.find((record) => hasEnded(record) && record.status !== 'superseded');
  return {
    ...key,
    running,
    waiting: newest.find(({ status }) => status === 'waiting'),
    last,
    unreadable: listed.flatMap((one) => (isReadable(one) ? [] : [one])),
    services,
    notInCommit: goneOf(newest, services),
    notBegun: notBegunOf(running ?? last, services),
  };
}

/** A plan that was asked for some services says nothing of the others. */
function goneOf(newest: readonly ReleaseRecord[], services: readonly ServiceState[]): readonly string[] {
  const planned = newest.find(({ plan, release: { only, rollback, remove } }) => plan && !only && !rollback && !remove);
  const gone = new Set(notInCommit(planned?.plan));
  return services.flatMap(({ path }) => (gone.has(path) ? [path] : []));
}

/** A service has a state from the moment on at which a release begins with it. */
function notBegunOf(record: ReleaseRecord | undefined, services: readonly ServiceState[]): readonly NotBegun[] {
  if (!record || record.release.remove || record.status === 'succeeded') return [];
  const begun = new Set(services.map(({ path }) => path));
  const planned = record.plan?.phases.flat() ?? [];
  return planned.filter(({ path }) => !begun.has(path)).map(({ path }) => ({ path, releaseId: record.release.id }));
}

/** A service with what is live of it. */
export interface LiveService extends ServiceState {
  /** The record of the release that wrote its state; absent if that is gone or has not ended. */
  readonly record?: ServiceRecord;
}

/** @returns the services of a stage, with versions of functions and outputs as they were recorded. */
export async function readServices(
  { serviceStates }: Pick<StatusPorts, 'serviceStates'>,
  { app, stage, services }: StageStatus,
): Promise<readonly LiveService[]> {
  const ids = [...new Set(services.map(({ releaseId }) => releaseId))];
  const records = new Map(
    await mapBounded(ids, AT_ONCE, async (id) => [id, await serviceStates.records({ app, stage, id })] as const),
  );
  return services.map((state) => ({
    ...state,
    record: records.get(state.releaseId)?.find(({ path }) => path === state.path),
  }));
}
