import { ReleaseError, retryableCodes } from '../../lib/core/contracts/errors';
import { serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { RestoreFunctionsInput } from '../../lib/core/contracts/payloads';
import type { Release } from '../../lib/core/contracts/release';
import type { BuildRecord, PlannedService, ReleaseRecord, ServiceRecord } from '../../lib/core/contracts/state';
import { mapBounded } from '../../lib/core/map-bounded';
import { LEFT_BEHIND, type LeftBehind, leftOfRecord, type ServiceLeft } from '../../lib/core/record/left-behind';
import type { Outcome } from '../../lib/core/record/release-outcome';
import type { Executions } from '../../lib/ports/executions';
import type { ServiceStates } from '../../lib/ports/service-states';
import { allOrFirstError } from '../../lib/release/all-or-first-error';
import { type StopBuildsPorts, stopBuilds } from './stop-builds';
import { type UndoServicePorts, undoService } from './undo-service';

export interface FailUnfinishedPorts extends UndoServicePorts, StopBuildsPorts {
  readonly states: ServiceStates;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
}

/** What was closed. */
export interface Unfinished {
  /** The records written. */
  readonly records: readonly ServiceRecord[];
  /** What the release left of each of its services. */
  readonly left: readonly ServiceLeft[];
}

/** How long a worker may still work, in milliseconds, after its execution was stopped. */
const IN_HAND = 2_000;
/** Services whose execution is stopped, or whose end is recorded, side by side. */
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
  if (!error || (open.length === 0 && status !== 'aborted')) return { records: [], left: [] };

  await mapBounded(open, AT_ONCE, ({ path }) =>
    serviceExecutions.stop(serviceExecutions.arnOf(serviceExecutionName(release, path)), error.message, error.code),
  );
  // If a service has ended, so have its builds, except those that wait for all services.
  const isOrphan = ({ path, task }: BuildRecord): boolean => task === 'after_all' || !recorded.has(path);
  const [stopped, deploying] = await Promise.all([stopBuilds(ports, release, isOrphan), states.list(release)]);
  const begun = new Set(
    deploying
      .filter(({ releaseId, status }) => releaseId === release.id && status === 'deploying')
      .map(({ path }) => path),
  );
  const touched = open.filter(({ path }) => begun.has(path));
  const undoAll = () =>
    allOrFirstError(
      touched.map((service) =>
        undoOne(ports, { release, service, error: { Error: error.code, Cause: error.message } }),
      ),
    );
  let left = await undoAll();
  if (status === 'aborted' && open.length > 0) {
    await pace.sleep(IN_HAND);
    const [, again] = await Promise.all([stopBuilds(ports, release, isOrphan, stopped), undoAll()]);
    left = again;
  }
  const records = touched.map(({ path, reasons }, index): ServiceRecord => {
    const more = ended.record.cancel ? `; ${LEFT_BEHIND[left[index]!]}` : '';
    const ownError = { ...error, message: `${error.message}${more}` };
    return { path, status: 'failed', planned: reasons, functions: [], outputs: {}, durations: {}, error: ownError };
  });
  await mapBounded(records, AT_ONCE, (record) => states.endService(release, { status: 'failed' }, record));
  const untouched = open.filter(({ path }) => !begun.has(path));
  return {
    records,
    left: [
      ...ended.services.flatMap(leftOfRecord),
      ...touched.map(({ path }, index) => ({ path, left: left[index]! })),
      ...untouched.map(({ path }) => ({ path, left: 'not-begun' as const })),
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
