import { callerOf } from '../../lib/core/contracts/call-reservations';
import { applicationName } from '../../lib/core/contracts/code-deploy-names';
import { ServiceReleaseInput } from '../../lib/core/contracts/payloads';
import { type StopShiftPorts, stopDeployments } from '../../lib/release/undo/stop-shift';

/**
 * Stops every CodeDeploy deployment of a service, waits for that for most of a minute, and then removes its application
 * with all groups, so that nothing moves an alias that is about to be deleted.
 */
export const removeShifts =
  ({ target, pace }: StopShiftPorts) =>
  async (event: unknown): Promise<{ readonly status: 'running' | 'done' }> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const { shifts } = target(release.target, callerOf(release));
    const application = applicationName(release, service.path);
    if (!(await stopDeployments(shifts, application, pace))) return { status: 'running' };
    await shifts.ensureGroups(application, []);
    return { status: 'done' };
  };
