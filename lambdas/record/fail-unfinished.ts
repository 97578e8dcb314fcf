import { ReleaseError, retryableCodes } from '../../lib/core/errors';
import { serviceExecutionName } from '../../lib/core/execution-name';
import type { RestoreFunctionsInput } from '../../lib/core/payloads';
import type { Outcome } from '../../lib/core/release-outcome';
import type { ReleaseRecord, ServiceRecord } from '../../lib/core/state';
import type { Executions } from '../../lib/ports/executions';
import type { ServiceStates } from '../../lib/ports/service-states';
import { allOrFirstError } from '../all-or-first-error';
import { type UndoServicePorts, undoService } from './undo-service';

export interface FailUnfinishedPorts extends UndoServicePorts {
  readonly states: ServiceStates;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
}

/**
 * Closes what a release that did not succeed left open: stops the executions of its services that may still run, undoes
 * what those did that had begun to deploy, and records them as failed. The others were not touched and need nothing.
 *
 * @returns the records written
 */
export async function failUnfinished(
  ports: FailUnfinishedPorts,
  ended: { readonly record: ReleaseRecord; readonly services: readonly ServiceRecord[]; readonly outcome: Outcome },
): Promise<readonly ServiceRecord[]> {
  const { states, serviceExecutions } = ports;
  const { release, plan } = ended.record;
  const { error } = ended.outcome;
  const recorded = new Set(ended.services.map(({ path }) => path));
  const open = (plan?.phases.flat() ?? []).filter(({ path }) => !recorded.has(path));
  if (!error || open.length === 0) return [];

  await Promise.all(
    open.map(({ path }) =>
      serviceExecutions.stop(serviceExecutions.arnOf(serviceExecutionName(release, path)), error.message),
    ),
  );
  const begun = new Set(
    (await states.list(release))
      .filter(({ releaseId, status }) => releaseId === release.id && status === 'deploying')
      .map(({ path }) => path),
  );
  const touched = open.filter(({ path }) => begun.has(path));
  const cause = { Error: error.code, Cause: error.message };
  await allOrFirstError(touched.map((service) => undo(ports, { release, service, error: cause, kept: undefined })));
  const records = touched.map(({ path, reasons }): ServiceRecord => {
    return { path, status: 'failed', planned: reasons, functions: [], outputs: {}, durations: {}, error };
  });
  await Promise.all(records.map((record) => states.endService(release, { status: 'failed' }, record)));
  return records;
}

/** What cannot be undone must not hold the lock for ever: it is logged, and the next release, which is full, finds it. */
async function undo(ports: FailUnfinishedPorts, input: RestoreFunctionsInput): Promise<void> {
  try {
    await undoService(ports, input);
  } catch (problem) {
    if (problem instanceof ReleaseError && retryableCodes().includes(problem.code)) throw problem;
    const { release, service } = input;
    ports.log.warn('a service could not be undone', { releaseId: release.id, service: service.path, problem });
  }
}
