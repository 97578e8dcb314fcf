import { RecordRemovalInput } from '../../lib/core/contracts/payloads';
import type { ServiceRecord } from '../../lib/core/contracts/state';
import { serviceDurations } from '../../lib/core/record/durations';
import { stepErrorOf } from '../../lib/core/record/step-error';
import type { ServiceStates } from '../../lib/ports/service-states';

export interface RecordRemovalPorts {
  readonly states: Pick<ServiceStates, 'forgetService'>;
  /** @returns epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Records that a service was removed, and forgets its state. Its packages and bundles stay: they never change, so
 * people can still look up what was deployed.
 *
 * @throws ReleaseError `ReleaseSuperseded` if a newer release has written the service's state
 */
export const recordRemoval =
  ({ states, now }: RecordRemovalPorts) =>
  async (event: unknown): Promise<ServiceRecord> => {
    const { release, service, removal, deleted, hookError, marks } = RecordRemovalInput.parse(event);
    const emptied = deleted === 0 ? [] : [`${deleted} versions of objects in its buckets were deleted`];
    const skipped = hookError ? [`a hook around its removal did not run: ${stepErrorOf(hookError).message}`] : [];
    const record: ServiceRecord = {
      path: service.path,
      status: 'removed',
      planned: service.reasons,
      functions: [],
      outputs: {},
      durations: serviceDurations(marks, now()),
      warnings: [...skipped, ...emptied, ...removal.warnings],
    };
    await states.forgetService(release, record);
    return record;
  };
