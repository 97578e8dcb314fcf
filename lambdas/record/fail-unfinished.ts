import { ReleaseError, retryableCodes } from '../../lib/core/contracts/errors';
import { serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { RestoreFunctionsInput } from '../../lib/core/contracts/payloads';
import type { Release, ServicePath } from '../../lib/core/contracts/release';
import type {
  BuildRecord,
  PlannedService,
  ReleaseRecord,
  ServiceRecord,
  ServiceState,
} from '../../lib/core/contracts/state';
import { mapBounded } from '../../lib/core/map-bounded';
import { LEFT_BEHIND, type LeftBehind, leftOfRecord, type ServiceLeft } from '../../lib/core/record/left-behind';
import type { Outcome } from '../../lib/core/record/release-outcome';
import type { Executions } from '../../lib/ports/executions';
import { PROOF_SERVES } from '../../lib/ports/fence';
import type { ServiceStates } from '../../lib/ports/service-states';
import { tryAll } from '../../lib/release/try-all';
import { type StopBuildsPorts, stopBuilds } from './stop-builds';
import { type UndoServicePorts, undoService } from './undo-service';

export interface FailUnfinishedPorts extends UndoServicePorts, StopBuildsPorts {
  readonly states: ServiceStates;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
}

/** What was closed. */
export interface Unfinished {
  /** The records of all services of the release, as they are now. */
  readonly services: readonly ServiceRecord[];
  /** What the release left of each of its services. */
  readonly left: readonly ServiceLeft[];
}

/**
 * So many milliseconds after its execution was stopped, a worker may still change the target: as long as a proof that
 * its release may serves it, and a call is on its way.
 */
const IN_HAND = PROOF_SERVES + 2_000;
/** Services whose execution is stopped, that are undone, or whose end is recorded, side by side. */
const AT_ONCE = 20;

/**
 * Closes what a release that did not succeed left open: stops the executions of its services that may still run, and
 * the builds that nobody waits for any more; undoes the services that had begun to deploy, and records them as failed.
 * The others were not touched and need nothing.
 */
export async function failUnfinished(
  ports: FailUnfinishedPorts,
  ended: { readonly record: ReleaseRecord; readonly services: readonly ServiceRecord[]; readonly outcome: Outcome },
): Promise<Unfinished> {
  const { states, serviceExecutions, pace } = ports;
  const { release, plan } = ended.record;
  const { error, status } = ended.outcome;
  const recorded = new Set(ended.services.map(({ path }) => path));
  const open = (plan?.phases.flat() ?? []).filter(({ path }) => !recorded.has(path));
  if (!error || (open.length === 0 && status !== 'aborted')) return { services: ended.services, left: [] };

  await mapBounded(open, AT_ONCE, ({ path }) =>
    serviceExecutions.stop(serviceExecutions.arnOf(serviceExecutionName(release, path)), error.message, error.code),
  );
  // If a service has ended, so have its builds, except those that wait for all services.
  const isOrphan = ({ path, task }: BuildRecord): boolean => task === 'after_all' || !recorded.has(path);
  let stopped: ReadonlySet<string> = new Set();
  const undone = new Map<ServicePath, LeftBehind>();
  const undoBegun = async (): Promise<void> => {
    const [builds, states] = await Promise.all([
      stopBuilds(ports, release, isOrphan, stopped),
      ports.states.list(release),
    ]);
    stopped = builds;
    // Of a service that was undone a worker that is late may have written that it is deployed. If somebody else has
    // ended the release meanwhile, a newer one may be at work on it.
    const isBegun = ({ path, releaseId, status }: ServiceState): boolean =>
      releaseId === release.id && (status === 'deploying' || undone.has(path));
    const begun = new Set(states.filter(isBegun).map(({ path }) => path));
    const touched = open.filter(({ path }) => begun.has(path));
    const cause = { Error: error.code, Cause: error.message };
    // What has to be tried again later, since CodeDeploy is at work on it, must not keep the others.
    await tryAll(touched, AT_ONCE, async (service) => {
      undone.set(service.path, await undoOne(ports, { release, service, error: cause }));
    });
  };
  await undoBegun();
  // A worker may still be at work, also for a release that did not end by being stopped: its services go on without it.
  if (undone.size > 0 || (status === 'aborted' && open.length > 0)) {
    await pace.sleep(IN_HAND);
    await undoBegun();
  }
  const touched = open.filter(({ path }) => undone.has(path));
  await mapBounded(touched, AT_ONCE, ({ path, reasons }) => {
    const more = ended.record.cancel ? `; ${LEFT_BEHIND[undone.get(path)!]}` : '';
    const ownError = { ...error, message: `${error.message}${more}` };
    const empty = { functions: [], outputs: {}, durations: {} };
    return states.closeService(release, { path, status: 'failed', planned: reasons, ...empty, error: ownError });
  });
  // Some may have ended by themselves since they were read first.
  const services = await states.records(release);
  const others = services.filter(({ path }) => !undone.has(path));
  const known = new Set(services.map(({ path }) => path));
  return {
    services,
    left: [
      ...others.flatMap(leftOfRecord),
      ...[...undone].map(([path, left]) => ({ path, left })),
      ...open.filter(({ path }) => !known.has(path)).map(({ path }) => ({ path, left: 'not-begun' as const })),
    ],
  };
}

type ToUndo = Pick<RestoreFunctionsInput, 'error'> & { readonly release: Release; readonly service: PlannedService };

/**
 * If a service cannot be undone, the lock must still be freed: logs it, and the next release, a full one, repairs it.
 */
async function undoOne(ports: FailUnfinishedPorts, { release, service, error }: ToUndo): Promise<LeftBehind> {
  if (release.remove) return 'half-removed';
  try {
    return await undoService(ports, { release, service, error, kept: undefined });
  } catch (problem) {
    if (problem instanceof ReleaseError && retryableCodes().includes(problem.code)) throw problem;
    ports.log.warn('a service could not be undone', { releaseId: release.id, service: service.path, problem });
    return 'not-put-back';
  }
}
