import type { ProjectEnvironment as Described } from '@aws-sdk/client-codebuild';
import type { ProjectEnvironment } from '../../core/contracts/build-machine';

/** @returns the machine of a project as BatchGetProjects describes it; undefined if that says nothing of it */
export function projectEnvironment(described: Described | undefined): ProjectEnvironment | undefined {
  const { type, computeType, image = '', environmentVariables = [] } = described ?? {};
  if (type === undefined || computeType === undefined) return undefined;
  return { type, computeType, image, variables: environmentVariables.flatMap(({ name }) => name ?? []) };
}
