import { callerOf } from '../../lib/core/contracts/call-reservations';
import { applicationName } from '../../lib/core/contracts/code-deploy-names';
import { ReleaseError } from '../../lib/core/contracts/errors';
import type { RestoreFunctionsInput, StackOperation } from '../../lib/core/contracts/payloads';
import type { Release } from '../../lib/core/contracts/release';
import { operationToken } from '../../lib/core/contracts/stack-event';
import { operationEnd, stackCondition } from '../../lib/core/deploy/stack-status';
import type { LeftBehind } from '../../lib/core/record/left-behind';
import type { Clock } from '../../lib/ports/clock';
import type { Stacks } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readManifest } from '../../lib/release/packages/read-packages';
import { type RestoreFunctionsPorts, restoreService } from '../../lib/release/undo/restore-functions';
import { stopDeployments } from '../../lib/release/undo/stop-shift';

export interface UndoServicePorts extends Pick<RestoreFunctionsPorts, 'artifacts' | 'log'> {
  readonly target: TargetPortsOf<'functions' | 'stacks' | 'shifts'>;
  readonly pace: Clock;
}

/**
 * Does for a service whose execution was stopped from outside what its state machine would have done: stops CodeDeploy,
 * points every alias at the version that served before, and puts back code unless CloudFormation is at work on it.
 * Tells CloudFormation to roll back an update of ours, without waiting for that.
 *
 * @returns what is left of the release
 * @throws ReleaseError `ShiftBusy`, to be tried again, if CodeDeploy takes longer than most of a minute
 */
export async function undoService(
  ports: UndoServicePorts & Pick<RestoreFunctionsPorts, 'states'>,
  input: RestoreFunctionsInput,
): Promise<LeftBehind> {
  const { release, service } = input;
  const { shifts, stacks } = ports.target(release.target, callerOf(release));
  const application = applicationName(release, service.path);
  const stackName = await stackOf(ports, input);
  const [isStopped, stack] = await Promise.all([
    stopDeployments(shifts, application, ports.pace),
    stackName === undefined ? undefined : stacks.describe(stackName),
  ]);
  if (!isStopped) {
    throw new ReleaseError('ShiftBusy', `CodeDeploy is still stopping the deployments of application "${application}"`);
  }
  const left = stack ? await leftOfStack(stacks, stackName!, { ...stack, release }) : 'put-back';
  await restoreService(ports, input, CHANGING.includes(left) ? 'aliases' : 'aliases and code');
  return left;
}

/**
 * The mark that `Decide` left names the stack; that of an older version of the platform may not.
 * @returns undefined if the service has none
 */
async function stackOf(
  { states, artifacts }: Pick<RestoreFunctionsPorts, 'states' | 'artifacts'>,
  { release, service }: RestoreFunctionsInput,
): Promise<string | undefined> {
  const state = await states.find(release, service.path);
  if (state?.decidedOn?.releaseId === release.id && state.stackName !== undefined) return state.stackName;
  return (await readManifest(artifacts, { release, service, state: Promise.resolve(state) })).stackName;
}

const CHANGING: readonly LeftBehind[] = ['stack-rolls-back', 'stack-busy'];

/** Cancels an update of ours that is under way. @returns what is left of what the release did with the stack */
async function leftOfStack(
  stacks: Stacks,
  name: string,
  { status, release }: { readonly status: string; readonly release: Release },
): Promise<LeftBehind> {
  const isOurs = async (...kinds: readonly StackOperation['kind'][]): Promise<boolean> => {
    const events = await Promise.all(kinds.map((kind) => stacks.events(name, operationToken(release, kind))));
    return events.some((some = []) => some.length > 0);
  };
  if (stackCondition(status) !== 'busy') {
    const isDone = operationEnd(status) === 'succeeded' && (await isOurs('create', 'update'));
    return isDone ? 'stack-stays' : 'put-back';
  }
  if (status.includes('ROLLBACK')) return 'stack-rolls-back';
  // What somebody else does with the stack is not ours to end.
  const canGiveUp = status === 'UPDATE_IN_PROGRESS' && (await isOurs('update'));
  return canGiveUp && (await stacks.cancelUpdate(name)) === 'rolls-back' ? 'stack-rolls-back' : 'stack-busy';
}
