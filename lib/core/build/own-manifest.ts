import { ReleaseError } from '../contracts/errors';
import { bundlePrefix, manifestKey, packagesPrefix } from '../contracts/keys';
import type { Manifest } from '../contracts/manifest';
import type { Release } from '../contracts/release';

/** Stacks that make deployments possible; an app in the platform's own account must not take one for its own. */
const NOT_FOR_SERVICES = /^(Seedbed|SeedbedApps(-.*)?|SeedbedTarget(-.*)?|CDKToolkit)$/;

/**
 * Makes sure that a manifest belongs to the release and service in whose place it was found, and points at nothing that
 * belongs to others, be it another stage of the app. Builds write manifests, and builds run whatever a repository
 * says; workers read what manifests point at with rights over all apps.
 *
 * @param isOld whether it is of before stages had folders of their own
 * @throws ReleaseError `ManifestInvalid`, naming what is not the service's own, or `StackNameTaken`
 */
export function refuseForeign(
  manifest: Manifest,
  release: Pick<Release, 'app' | 'stage' | 'template' | 'id' | 'rollback'>,
  { service, isOld = false }: { readonly service: string; readonly isOld?: boolean },
): void {
  const { app } = release;
  const key = manifestKey(release, service, release.id);
  const wrong = (what: string): ReleaseError =>
    new ReleaseError('ManifestInvalid', `${key}: ${what}; release again to build it anew`);
  const expected = { app, service, stage: release.stage, releaseId: release.id };
  for (const [name, value] of Object.entries(expected) as [keyof typeof expected, string][])
    if (manifest[name] !== value) throw wrong(`${name} is "${manifest[name]}", not "${value}"`);

  if (manifest.stackName !== undefined && NOT_FOR_SERVICES.test(manifest.stackName)) {
    const message = `service "${service}" has the stack name ${manifest.stackName}, which is the platform's; choose another`;
    throw new ReleaseError('StackNameTaken', message);
  }
  // A rollback takes what a worker recorded when it was deployed. The keys of old packages do not name the stage.
  const isOwn = (key: string, prefix: string): boolean =>
    release.rollback || isOld ? isOfApp(key, prefix, app) : isBelow(key, prefix);
  if (manifest.template !== undefined && !isOwn(manifest.template, packagesPrefix(release, service))) {
    throw wrong(`template is "${manifest.template}", which is not a package of this service and stage`);
  }
  for (const bundles of [manifest.functions, manifest.layers, manifest.assets])
    for (const [id, { bundle }] of Object.entries(bundles))
      if (!isOwn(bundle, bundlePrefix(release, service)))
        throw wrong(`the bundle of ${id} is "${bundle}", which is not of this service and stage`);
}

/** A service may lie in another's directory: what follows the prefix has to look like an object of this very one. */
const isBelow = (key: string, prefix: string): boolean =>
  key.startsWith(prefix) && /^[^/]+\/[^/]+$/.test(key.slice(prefix.length)) && isPlain(key);

/** @returns whether it is an object of the same kind, bundle or package, of any stage of the app. */
function isOfApp(key: string, prefix: string, app: string): boolean {
  const [kind] = prefix.split('/');
  return key.startsWith(`${kind}/${app}/`) && isPlain(key);
}

const isPlain = (key: string): boolean => !/(^|\/)\.\.?(\/|$)/.test(key);
