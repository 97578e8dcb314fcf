import { serviceExecutionName } from '../../lib/core/execution-name';
import type { Outcome } from '../../lib/core/release-outcome';
import type { ReleaseRecord, ServiceRecord } from '../../lib/core/state';
import type { Executions } from '../../lib/ports/executions';
import type { ServiceStates } from '../../lib/ports/service-states';

export interface FailUnfinishedPorts {
  readonly states: ServiceStates;
  /** Executions of the state machine `ServiceRelease`. */
  readonly serviceExecutions: Executions;
}

/**
 * Closes what a release that did not succeed left open: stops the executions of its services that may still run, and
 * records as failed those that it began to deploy. The others were not touched and need nothing.
 *
 * @returns the records written
 */
export async function failUnfinished(
  { states, serviceExecutions }: FailUnfinishedPorts,
  ended: { readonly record: ReleaseRecord; readonly services: readonly ServiceRecord[]; readonly outcome: Outcome },
): Promise<readonly ServiceRecord[]> {
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
  const records = open
    .filter(({ path }) => begun.has(path))
    .map(({ path, reasons }): ServiceRecord => {
      return { path, status: 'failed', planned: reasons, functions: [], outputs: {}, durations: {}, error };
    });
  await Promise.all(records.map((record) => states.endService(release, { status: 'failed' }, record)));
  return records;
}
