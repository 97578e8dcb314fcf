import { ReleaseError } from '../../core/contracts/errors';
import type { Bundle, Manifest } from '../../core/contracts/manifest';
import type { Artifacts } from '../../ports/artifacts';

/** @returns every bundle of a manifest, and what it belongs to in words. */
export const allBundles = ({
  functions,
  layers,
  assets,
}: Manifest): { readonly owner: string; readonly bundle: Bundle }[] =>
  Object.entries({ function: functions, layer: layers, asset: assets }).flatMap(([kind, bundles]) =>
    Object.entries(bundles).map(([id, bundle]: [string, Bundle]) => ({ owner: `${kind} ${id}`, bundle })),
  );

/**
 * Makes sure that every bundle is in the artifact repository and is the one that the manifest means, before anything of
 * the service is touched.
 *
 * @throws ReleaseError `BundleMissing` or `BundleCorrupt`, naming the function (layer, asset) and the key
 */
export async function checkBundles(artifacts: Pick<Artifacts, 'find'>, manifest: Manifest): Promise<void> {
  const bundles = allBundles(manifest);
  const found = await artifacts.find(bundles.map(({ bundle }) => bundle.bundle));
  for (const { owner, bundle } of bundles) {
    const stored = found.get(bundle.bundle);
    if (!stored) throw bundleMissing(owner, bundle.bundle);
    if (stored.sha256 !== bundle.codeSha256) throw bundleCorrupt(owner, { ...bundle, found: stored.sha256 });
  }
}

/** @param owner what the bundle belongs to: `function HelloLambdaFunction` */
export const bundleMissing = (owner: string, key: string): ReleaseError =>
  new ReleaseError(
    'BundleMissing',
    `the bundle of ${owner} is not in the artifact repository (${key}); release again to rebuild it`,
  );

/** @param bundle its key, the hash that the manifest gives, and the one that was found */
export const bundleCorrupt = (
  owner: string,
  { bundle, codeSha256, found }: { readonly bundle: string; readonly codeSha256: string; readonly found: string },
): ReleaseError =>
  new ReleaseError(
    'BundleCorrupt',
    `the bundle of ${owner} (${bundle}) has the SHA-256 ${found}, but its manifest says ${codeSha256}; ` +
      'delete that object from the artifact bucket and release again to rebuild it',
  );
