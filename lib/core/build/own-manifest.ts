import { ReleaseError } from '../contracts/errors';
import { bundlePrefix, manifestKey, packagesPrefix } from '../contracts/keys';
import type { Manifest } from '../contracts/manifest';
import type { Release } from '../contracts/release';

/** Stacks that make deployments possible; an app in the platform's own account must not take one for its own. */
const NOT_FOR_SERVICES = /^(Seedbed|SeedbedApps(-.*)?|SeedbedTarget(-.*)?|CDKToolkit)$/;

/**
 * Makes sure that a manifest belongs to the release and service in whose place it was found, and points at nothing that
 * belongs to others. Builds write manifests, and builds run whatever a repository says; workers read what manifests
 * point at with rights over all apps.
 *
 * @throws ReleaseError `ManifestInvalid`, naming what is not the service's own, or `StackNameTaken`
 */
export function refuseForeign(
  manifest: Manifest,
  release: Pick<Release, 'app' | 'stage' | 'id'>,
  service: string,
): void {
  const { app } = release;
  const key = manifestKey(app, service, release.id);
  const wrong = (what: string): ReleaseError =>
    new ReleaseError('ManifestInvalid', `${key}: ${what}; release again to build it anew`);
  const expected = { app, service, stage: release.stage, releaseId: release.id };
  for (const [name, value] of Object.entries(expected) as [keyof typeof expected, string][])
    if (manifest[name] !== value) throw wrong(`${name} is "${manifest[name]}", not "${value}"`);

  if (NOT_FOR_SERVICES.test(manifest.stackName)) {
    const message = `service "${service}" has the stack name ${manifest.stackName}, which is the platform's; choose another`;
    throw new ReleaseError('StackNameTaken', message);
  }
  // A rollback takes the template and the bundles of an earlier release of the service.
  if (!isBelow(manifest.template, packagesPrefix(app, service))) {
    throw wrong(`template is "${manifest.template}", which is not a package of this service`);
  }
  for (const bundles of [manifest.functions, manifest.layers, manifest.assets])
    for (const [id, { bundle }] of Object.entries(bundles))
      if (!isBelow(bundle, bundlePrefix(app, service)))
        throw wrong(`the bundle of ${id} is "${bundle}", which is not this service's`);
}

/** A service may lie in another's directory: what follows the prefix has to look like an object of this very one. */
const isBelow = (key: string, prefix: string): boolean =>
  key.startsWith(prefix) && /^[^/]+\/[^/]+$/.test(key.slice(prefix.length)) && !/(^|\/)\.\.?(\/|$)/.test(key);
