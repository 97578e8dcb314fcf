import { ReleaseError } from '../../lib/core/errors';
import { nameSome } from '../../lib/core/name-some';
import { VerifyRemovalInput, type VerifyRemovalOutput } from '../../lib/core/payloads';
import { isOwned } from '../../lib/core/stack-tags';
import type { StackResource } from '../../lib/ports/stacks';
import type { TargetPortsOf } from '../../lib/ports/target-ports';

export interface VerifyRemovalPorts {
  readonly target: TargetPortsOf<'stacks'>;
}

/** What stands in the way of a deletion is often gone by the second: a network interface, an object that was just written. */
const ATTEMPTS = 2;

/**
 * Looks whether a service's stack is gone. If it is not, it is deleted once more.
 *
 * @throws ReleaseError `StageRemovalIncomplete` with what is left and why
 */
export const verifyRemoval =
  ({ target }: VerifyRemovalPorts) =>
  async (event: unknown): Promise<VerifyRemovalOutput> => {
    const { release, service, removal, attempt } = VerifyRemovalInput.parse(event);
    const { stacks } = target(release.target);
    const { stackName } = removal;
    const stack = stackName === undefined ? undefined : await stacks.describe(stackName);
    const owner = { app: release.app, stage: release.stage, service: service.path };
    if (stackName === undefined || !stack || !isOwned(stack.tags, owner)) return { status: 'gone' };
    if (attempt < ATTEMPTS) return { status: 'there' };

    const left = await stacks.resources(stackName);
    const failed = left.filter(({ status }) => status === 'DELETE_FAILED');
    const why = failed.length > 0 ? nameSome(failed.map(inWords)) : `it is in ${stack.status}`;
    throw new ReleaseError(
      'StageRemovalIncomplete',
      `stack "${stackName}" was not deleted: ${why}; mend what is named, or ` +
        'delete it in the CloudFormation console, then remove the stage again',
    );
  };

const inWords = ({ logicalId, type, physicalId, reason }: StackResource): string =>
  `${logicalId} (${type}${physicalId === undefined ? '' : ` "${physicalId}"`}): ${reason ?? 'CloudFormation gives no reason'}`;
