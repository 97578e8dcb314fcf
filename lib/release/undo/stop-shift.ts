import { callerOf } from '../../core/contracts/call-reservations';
import { applicationName } from '../../core/contracts/code-deploy-names';
import { ServiceReleaseInput } from '../../core/contracts/payloads';
import type { Clock } from '../../ports/clock';
import type { Shifts } from '../../ports/shifts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { pollUntil } from '../poll-until';

export interface StopShiftPorts {
  readonly target: TargetPortsOf<'shifts'>;
  readonly pace: Clock;
}

/**
 * Stops every CodeDeploy deployment of a service, whatever started it, and waits for most of a minute until CodeDeploy
 * has rolled them all back.
 */
export const stopShift =
  ({ target, pace }: StopShiftPorts) =>
  async (event: unknown): Promise<{ readonly status: 'running' | 'done' }> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const isStopped = await stopDeployments(
      target(release.target, callerOf(release)).shifts,
      applicationName(release, service.path),
      pace,
    );
    return { status: isStopped ? 'done' : 'running' };
  };

/** Stops the deployments of an application. @returns whether none is under way any more */
export async function stopDeployments(shifts: Shifts, application: string, pace: Clock): Promise<boolean> {
  const told = new Set<string>();
  const isStopped = await pollUntil(pace, async () => {
    const open = (await shifts.open(application)).filter((one) => one.application === application);
    const running = open.filter(({ isRollback, deploymentId }) => !isRollback && !told.has(deploymentId));
    await Promise.all(running.map(({ deploymentId }) => shifts.stop(deploymentId)));
    for (const { deploymentId } of running) told.add(deploymentId);
    return open.length === 0 ? true : undefined;
  });
  return isStopped ?? false;
}
