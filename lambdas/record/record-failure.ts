import { serviceDurations } from '../../lib/core/durations';
import { RecordFailureInput } from '../../lib/core/payloads';
import type { ServiceRecord } from '../../lib/core/state';
import { stepErrorOf } from '../../lib/core/step-error';
import type { ServiceStates } from '../../lib/ports/service-states';

export interface RecordFailurePorts {
  readonly states: Pick<ServiceStates, 'endService'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Records that a service failed, and why. Its state keeps the last commit and package that were deployed; the next
 * release deploys it in full.
 *
 * @throws ReleaseError `ReleaseSuperseded` if a newer release has written the service's state
 */
export const recordFailure =
  ({ states, now }: RecordFailurePorts) =>
  async (event: unknown): Promise<ServiceRecord> => {
    const { release, service, error, decision, marks, buildId } = RecordFailureInput.parse(event);
    const record: ServiceRecord = {
      path: service.path,
      status: 'failed',
      planned: service.reasons,
      decision,
      functions: [],
      outputs: {},
      durations: serviceDurations(marks, now()),
      buildId,
      error: stepErrorOf(error),
    };
    await states.endService(release, { status: 'failed' }, record);
    return record;
  };
