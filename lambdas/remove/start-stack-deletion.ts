import { callerOf } from '../../lib/core/contracts/call-reservations';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { StackDeletionInput, type StackOperation } from '../../lib/core/contracts/payloads';
import { stackCondition } from '../../lib/core/deploy/stack-status';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readOwnStack } from './read-own-stack';

export interface StartStackDeletionPorts {
  readonly target: TargetPortsOf<'stacks'>;
}

/**
 * Starts the deletion of a service's stack, unless it is gone or belongs to another. Run twice, it answers the
 * operation that it started the first time.
 *
 * @throws ReleaseError `StackBusy`, to be tried again; `StageRemovalIncomplete` if somebody protects the stack
 */
export const startStackDeletion =
  ({ target }: StartStackDeletionPorts) =>
  async (event: unknown): Promise<StackOperation> => {
    const input = StackDeletionInput.parse(event);
    const { release, removal, attempt } = input;
    const { stacks } = target(release.target, callerOf(release));
    const { stackName = '' } = removal;
    const token = `${release.id}-remove-${attempt}`;
    const operation: StackOperation = { kind: 'delete', stackName, token };
    const stack = await readOwnStack(stacks, input);
    if (!stack) return { kind: 'none', stackName, token };

    if (stackCondition(stack.status) === 'busy') {
      if (((await stacks.events(stackName, token)) ?? []).length > 0) return operation;
      const busy = `stack "${stackName}" is in ${stack.status}`;
      throw new ReleaseError('StackBusy', `${busy}; when its operation has ended, remove the stage again`);
    }
    const { executionRoleArn } = release.target;
    if ((await stacks.delete(stackName, { executionRoleArn, token })) === 'started') return operation;
    throw new ReleaseError(
      'StageRemovalIncomplete',
      `stack "${stackName}" is protected from deletion; if it may go, release it with "provider.deletionProtection: false", ` +
        'or run "aws cloudformation update-termination-protection --no-enable-termination-protection ' +
        `--stack-name ${stackName}", and remove the stage again`,
    );
  };
