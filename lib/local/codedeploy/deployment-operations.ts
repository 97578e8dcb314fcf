import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import { type DeploymentRecord, STATUSES } from './deployment-record';
import { type Deployments, listDeployments } from './deployments';
import type { Home } from './home';

/** How many ids a batch takes. */
const MOST_IDS = 25;
const ID = /^d-[A-Z0-9]{9}$/;

/** The operations on deployments and their targets. */
export const deploymentOperations = (
  homeOf: (caller: Parameters<Operation>[1]) => Home,
  deployments: Deployments,
): Record<string, Operation> => ({
  CreateDeployment: async (input, caller) => ({ deploymentId: deployments.create(homeOf(caller), input).id }),
  GetDeployment: async ({ deploymentId }, caller) => ({
    deploymentInfo: findDeployment(homeOf(caller), deploymentId).describe(),
  }),
  BatchGetDeployments: async ({ deploymentIds = [] }: { deploymentIds?: string[] }, caller) => {
    if (deploymentIds.length === 0) throw new AwsError('DeploymentIdRequiredException', 'deployment ids are missing');
    if (deploymentIds.length > MOST_IDS)
      throw new AwsError('BatchLimitExceededException', `at most ${MOST_IDS} deployments, not ${deploymentIds.length}`);
    const found = deploymentIds.map((id) => homeOf(caller).deployments.get(checkId(id)));
    return { deploymentsInfo: found.flatMap((one) => (one ? [one.describe()] : [])) };
  },
  ListDeployments: async (input, caller) => listDeployments(homeOf(caller), input, STATUSES),
  StopDeployment: async ({ deploymentId, autoRollbackEnabled }, caller) => {
    deployments.stop(findDeployment(homeOf(caller), deploymentId), autoRollbackEnabled);
    return { status: 'Pending', statusMessage: 'The deployment is being stopped' };
  },
  PutLifecycleEventHookExecutionStatus: async (input, caller) => {
    const { deploymentId, lifecycleEventHookExecutionId, status } = input;
    const deployment = findDeployment(homeOf(caller), deploymentId);
    if (status !== 'Succeeded' && status !== 'Failed')
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionStatusException',
        `The status of a hook is Succeeded or Failed, not ${status}`,
      );
    deployment.reportHook(lifecycleEventHookExecutionId, status);
    return { lifecycleEventHookExecutionId };
  },
  GetDeploymentTarget: async ({ deploymentId, targetId }, caller) => ({
    deploymentTarget: findTarget(findDeployment(homeOf(caller), deploymentId), targetId),
  }),
  ListDeploymentTargets: async ({ deploymentId }, caller) => {
    const { targetId } = findDeployment(homeOf(caller), deploymentId);
    return { targetIds: targetId ? [targetId] : [] };
  },
});

function checkId(id: string | undefined): string {
  if (!id) throw new AwsError('DeploymentIdRequiredException', 'The deployment id is missing');
  if (!ID.test(id)) throw new AwsError('InvalidDeploymentIdException', `The deployment id is invalid: ${id}`);
  return id;
}

function findDeployment(home: Home, id: string | undefined): DeploymentRecord {
  const found = home.deployments.get(checkId(id));
  if (found) return found;
  throw new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
}

/** @param id function and alias, or the function's name alone: AWS's documentation has both */
function findTarget(deployment: DeploymentRecord, id: string | undefined) {
  if (!id) throw new AwsError('DeploymentTargetIdRequiredException', 'The target id is missing');
  if (id !== deployment.targetId && id !== deployment.spec?.functionName)
    throw new AwsError('DeploymentTargetDoesNotExistException', `Deployment ${deployment.id} has no target ${id}`);
  return deployment.describeTarget();
}
