import { ReleaseError } from '../../lib/core/errors';
import type { RestoreFunctionsInput } from '../../lib/core/payloads';
import { applicationName } from '../../lib/core/shift/names';
import { stackCondition } from '../../lib/core/stack-status';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readManifest } from '../deploy/read-packages';
import { type RestoreFunctionsPorts, restoreService } from '../deploy/restore-functions';
import type { Pace } from '../poll-until';
import { stopDeployments } from '../shift/stop-shift';

export interface UndoServicePorts extends Pick<RestoreFunctionsPorts, 'artifacts' | 'log'> {
  readonly target: TargetPortsOf<'functions' | 'stacks' | 'shifts'>;
  readonly pace: Pace;
}

/**
 * Does for a service whose execution was stopped from outside what its state machine would have done: stops CodeDeploy,
 * makes every alias whole on the version that served before, and puts back code, unless CloudFormation is at work on it.
 *
 * @throws ReleaseError `ShiftBusy`, to be tried again, if CodeDeploy takes longer than most of a minute
 */
export async function undoService(
  ports: UndoServicePorts & Pick<RestoreFunctionsPorts, 'states'>,
  input: RestoreFunctionsInput,
): Promise<void> {
  const { release, service } = input;
  const { shifts, stacks } = ports.target(release.target);
  const application = applicationName(release, service.path);
  const manifest = await readManifest(ports.artifacts, input);
  const [isStopped, stack] = await Promise.all([
    stopDeployments(shifts, application, ports.pace),
    stacks.describe(manifest.stackName),
  ]);
  if (!isStopped) {
    throw new ReleaseError('ShiftBusy', `CodeDeploy is still stopping the deployments of application "${application}"`);
  }
  const isChanging = stack !== undefined && stackCondition(stack.status) === 'busy';
  await restoreService(ports, input, isChanging ? 'aliases' : 'aliases and code');
}
