import { ReleaseError } from '../../core/contracts/errors';
import { DeployedPackage } from '../../core/contracts/manifest';
import type { ServiceReleaseInput } from '../../core/contracts/payloads';
import type { DeployedThen } from '../../core/contracts/state';
import type { Artifacts } from '../../ports/artifacts';
import type { ServiceStates } from '../../ports/service-states';

export interface PackageThenPorts {
  readonly states: Pick<ServiceStates, 'deployedAt'>;
  readonly artifacts: Pick<Artifacts, 'readJson'>;
}

/**
 * @returns the package that a rollback returns a service to; undefined if the release is not a rollback
 * @throws ReleaseError `RollbackImpossible` if it is not there any more
 */
export async function readPackageThen(
  { states, artifacts }: PackageThenPorts,
  { release, service: { path } }: Pick<ServiceReleaseInput, 'release' | 'service'>,
): Promise<DeployedPackage | undefined> {
  if (!release.rollback) return undefined;
  const then = await states.deployedAt(release, path, release.rollback.to);
  if (then) return readStored(artifacts, then);
  throw new ReleaseError(
    'RollbackImpossible',
    `service "${path}" was not deployed yet when release ${release.rollback.to} ended; roll back to a newer release`,
  );
}

/** @throws ReleaseError `RollbackImpossible` if the package was collected or is not what it should be */
export async function readStored(
  artifacts: Pick<Artifacts, 'readJson'>,
  { deployedPackage, releaseId }: DeployedThen,
): Promise<DeployedPackage> {
  const impossible = (what: string, cause?: unknown) =>
    new ReleaseError(
      'RollbackImpossible',
      `the package of release ${releaseId} ${what} (${deployedPackage}); roll back to a newer release`,
      { cause },
    );
  try {
    const found = await artifacts.readJson(deployedPackage, DeployedPackage);
    if (found) return found;
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'ManifestInvalid') throw impossible('cannot be read', error);
    throw error;
  }
  throw impossible('was collected: it is no longer in the artifact repository');
}
