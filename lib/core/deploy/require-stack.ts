import { ReleaseError } from '../contracts/errors';
import { hasStack, type Manifest, type StackManifest } from '../contracts/manifest';

/**
 * @returns the manifest, for what only services with a stack come to
 * @throws ReleaseError `ManifestInvalid` if the service has none
 */
export function requireStack(manifest: Manifest): StackManifest {
  if (hasStack(manifest)) return manifest;
  throw new ReleaseError(
    'ManifestInvalid',
    `the manifest of service "${manifest.service}" names no stack; release again`,
  );
}
