import type { ProjectEnvironment as Described, VpcConfig } from '@aws-sdk/client-codebuild';
import type { ProjectEnvironment } from '../../core/contracts/build-machine';

/** @returns the machine of a project as BatchGetProjects describes it; undefined if that says nothing of it */
export function projectEnvironment(
  described: Described | undefined,
  vpcConfig?: VpcConfig,
): ProjectEnvironment | undefined {
  const { type, computeType, image = '', environmentVariables = [], privilegedMode } = described ?? {};
  if (type === undefined || computeType === undefined) return undefined;
  return {
    type,
    computeType,
    image,
    variables: environmentVariables.flatMap(({ name }) => name ?? []),
    ...(privilegedMode && { isPrivileged: true }),
    ...(vpcConfig?.vpcId && { isInVpc: true }),
  };
}
