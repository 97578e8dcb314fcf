import type { ReleaseKey } from '../contracts/release';
import type { DeployedThen, ServiceState } from '../contracts/state';

/**
 * @returns what a release leaves deployed of a service, for later rollbacks; undefined if it deployed nothing of it.
 */
export function deployedThen(
  { id }: ReleaseKey,
  change: Pick<ServiceState, 'status'> & Partial<Pick<ServiceState, 'commit' | 'deployedPackage' | 'stackName'>>,
  path: string,
): DeployedThen | undefined {
  const { status, commit, deployedPackage, stackName } = change;
  if (status !== 'deployed' || commit === undefined || deployedPackage === undefined) return undefined;
  return { path, releaseId: id, commit, deployedPackage, stackName };
}
