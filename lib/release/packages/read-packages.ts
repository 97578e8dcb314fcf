import { createHash } from 'node:crypto';
import { refuseForeign } from '../../core/build/own-manifest';
import { ReleaseError } from '../../core/contracts/errors';
import { manifestKey, oldManifestKey } from '../../core/contracts/keys';
import { DeployedPackage, Manifest } from '../../core/contracts/manifest';
import { parseStoredJson } from '../../core/contracts/parse-stored-json';
import type { ServiceReleaseInput } from '../../core/contracts/payloads';
import type { ServiceState } from '../../core/contracts/state';
import type { PreviousPackage } from '../../core/deploy/package-diff';
import type { Artifacts } from '../../ports/artifacts';

/** Which manifest is read, and what is known of it. */
export interface ManifestToRead extends Pick<ServiceReleaseInput, 'release' | 'service'> {
  /** The service's state: it has the hash of the manifest that the release decided on, once it has. */
  readonly state: Promise<ServiceState | undefined>;
}

/** A manifest, and the SHA-256 (hexadecimal) of its bytes. */
export interface StoredManifest {
  readonly manifest: Manifest;
  readonly sha256: string;
}

/**
 * The manifest of the package that this release built of the service. It lies where builds of the stage write, hooks
 * among them: from the decision on it has to be the one that was decided on.
 *
 * @throws ReleaseError `ManifestInvalid` if there is none, it is not what it should be, or it has changed since
 */
export async function readStoredManifest(
  artifacts: Pick<Artifacts, 'readBytes'>,
  { release, service, state: reading }: ManifestToRead,
): Promise<StoredManifest> {
  const ownKey = manifestKey(release, service.path, release.id);
  const [state, ownBytes] = await Promise.all([reading, artifacts.readBytes(ownKey)]);
  const decidedOn = state?.decidedOn?.releaseId === release.id ? state.decidedOn : undefined;
  // An older version of the platform had decided when this one was deployed.
  const isOfBefore = state?.status === 'deploying' && state.releaseId === release.id && decidedOn === undefined;
  const isOld = ownBytes === undefined && isOfBefore;
  const key = isOld ? oldManifestKey(release, service.path, release.id) : ownKey;
  const bytes = isOld ? await artifacts.readBytes(key) : ownBytes;
  if (!bytes) {
    throw new ReleaseError(
      'ManifestInvalid',
      `service "${service.path}" has no manifest at ${ownKey} in the artifact repository; release again to rebuild it`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (decidedOn !== undefined && decidedOn.manifestSha256 !== sha256) {
    throw new ReleaseError(
      'ManifestInvalid',
      `${key} is not what this release decided on (SHA-256 ${sha256}, not ${decidedOn.manifestSha256}): ` +
        'something that builds of the stage run has written over it; find out what, then release again',
    );
  }
  const manifest = parseStoredJson(key, Buffer.from(bytes).toString('utf8'), Manifest);
  refuseForeign(manifest, release, { service: service.path, isOld });
  return { manifest, sha256 };
}

/** @returns the manifest alone. @see readStoredManifest */
export async function readManifest(artifacts: Pick<Artifacts, 'readBytes'>, toRead: ManifestToRead): Promise<Manifest> {
  return (await readStoredManifest(artifacts, toRead)).manifest;
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
