import { ReleaseError } from '../../lib/core/contracts/errors';
import { StackDeletionInput, type VerifyRemovalOutput } from '../../lib/core/contracts/payloads';
import { nameSome } from '../../lib/core/text/name-some';
import type { StackResource } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';
import { readOwnStack } from './read-own-stack';

export interface VerifyRemovalPorts {
  readonly target: TargetPortsOf<'stacks'>;
}

/** By the second attempt the obstacle is often gone: a network interface, an object that was just written. */
const ATTEMPTS = 2;

/**
 * Checks whether a service's stack is gone. If it is not, it is deleted once more.
 *
 * @throws ReleaseError `StageRemovalIncomplete` with what is left and why
 */
export const verifyRemoval =
  ({ target }: VerifyRemovalPorts) =>
  async (event: unknown): Promise<VerifyRemovalOutput> => {
    const input = StackDeletionInput.parse(event);
    const { stacks } = target(input.release.target);
    const stack = await readOwnStack(stacks, input);
    if (!stack) return { status: 'gone' };
    if (input.attempt < ATTEMPTS) return { status: 'there' };

    const left = await stacks.resources(stack.name);
    const failed = left.filter(({ status }) => status === 'DELETE_FAILED');
    const because = stack.statusReason ? ` (${stack.statusReason})` : '';
    const why = failed.length > 0 ? nameSome(failed.map(inWords)) : `it is in ${stack.status}${because}`;
    throw new ReleaseError(
      'StageRemovalIncomplete',
      `stack "${stack.name}" was not deleted: ${why}; fix what is named, or ` +
        'delete it in the CloudFormation console, then remove the stage again',
    );
  };

function inWords({ logicalId, type, physicalId, reason }: StackResource): string {
  const name = physicalId === undefined ? '' : ` "${physicalId}"`;
  return `${logicalId} (${type}${name}): ${reason ?? 'CloudFormation gives no reason'}`;
}
