import { refuseForeign } from '../../core/build/own-manifest';
import { ReleaseError } from '../../core/contracts/errors';
import { manifestKey } from '../../core/contracts/keys';
import { DeployedPackage, Manifest } from '../../core/contracts/manifest';
import type { ServiceReleaseInput } from '../../core/contracts/payloads';
import type { ServiceState } from '../../core/contracts/state';
import type { PreviousPackage } from '../../core/deploy/package-diff';
import type { Artifacts } from '../../ports/artifacts';

/**
 * @returns the manifest of the package that this release built of the service
 * @throws ReleaseError `ManifestInvalid` if there is none or it is not what it should be
 */
export async function readManifest(
  artifacts: Pick<Artifacts, 'readJson'>,
  { release, service }: Pick<ServiceReleaseInput, 'release' | 'service'>,
): Promise<Manifest> {
  const key = manifestKey(release, service.path, release.id);
  const manifest = await artifacts.readJson(key, Manifest);
  if (manifest) {
    refuseForeign(manifest, release, service.path);
    return manifest;
  }
  throw new ReleaseError(
    'ManifestInvalid',
    `service "${service.path}" has no manifest at ${key} in the artifact repository; release again to rebuild it`,
  );
}

/** @returns the package that the service's state points at; see PreviousPackage for what else there may be. */
export async function readDeployed(
  artifacts: Pick<Artifacts, 'readJson'>,
  state: ServiceState | undefined,
): Promise<PreviousPackage> {
  if (state?.deployedPackage === undefined) return undefined;
  try {
    return await artifacts.readJson(state.deployedPackage, DeployedPackage);
  } catch (error) {
    if (error instanceof ReleaseError && error.code === 'ManifestInvalid') return 'unreadable';
    throw error;
  }
}
