import { createHash } from 'node:crypto';
import { NOTHING_STORED, type StoredBundle, type StoredBundles } from '../core/build/stored-bundles';
import { ReleaseError } from '../core/contracts/errors';
import { buildTimesKey, bundleKey, keyBeside, manifestKey, templateKey } from '../core/contracts/keys';
import type { Bundle, FunctionBundle, Manifest } from '../core/contracts/manifest';
import { packagedCode } from '../core/deploy/packaged-code';
import { imagesByDigest } from '../core/template/image-code';
import { nameVersions, tellStoredHashes } from '../core/template/kept-versions';
import { listFunctions } from '../core/template/list-functions';
import { templateHash } from '../core/template/normalise-template';
import type { Artifacts, StoredObject } from '../ports/artifacts';
import type { PackagedBundle } from './kinds/kind';
import type { LocalBundle } from './local-bundles';
import type { ServicePackage } from './package-service';
import type { PartTimes } from './part-times';
import { architectureOf } from './refuse-foreign-code';

/** For which release a package is stored. */
export interface PackageIdentity {
  readonly app: string;
  readonly service: string;
  readonly stage: string;
  /** The configured stage whose settings `stage` has; absent if it is configured itself. */
  readonly template?: string;
  readonly commit: string;
  readonly releaseId: string;
  /** Of the environment that the stage gave the build. */
  readonly environmentHash: string;
}

/** Part of the key, in the place of a logical id, of a bundle that several functions share. */
const SHARED = '_shared';
/** Bundles on their way at once: enough to hide the latency, below the SDK's 50 sockets. */
const PARALLEL_UPLOADS = 16;

/** From so many bytes on it costs more to send a bundle for nothing (another stage has stored it) than to ask first. */
const ASKED_FOR = 1_000_000;

/** What is known before a package is stored. */
export interface StoreOptions {
  /** What is stored already; of everything else it is asked. */
  readonly stored?: StoredBundles;
  /** The build's, stored beside the package. */
  readonly times?: PartTimes;
}

/**
 * Stores a package: the bundles that are missing, then the template, last the manifest, so that a manifest that exists
 * names only what exists. Stored twice, the second time changes nothing but the manifest's release.
 *
 * @returns the manifest as stored
 */
export async function storePackage(
  servicePackage: ServicePackage,
  identity: PackageIdentity,
  artifacts: Artifacts,
  { stored = NOTHING_STORED, times }: StoreOptions = {},
): Promise<Manifest> {
  const { template: _, ...names } = identity;
  const { service, releaseId } = identity;
  const { kind, tool, stack } = servicePackage;
  const isDeployed = stack.name !== undefined;
  const store = () => storeBundles(servicePackage.bundles, identity, { artifacts, stored });
  const { bundles, warnings: ofBundles } = await (times ? times.measure('upload', store) : store());
  const warnings = [...servicePackage.warnings, ...ofBundles];
  const ofKind = (kind: PackagedBundle['kind']) => servicePackage.bundles.filter((packaged) => packaged.kind === kind);
  const listed = new Map(listFunctions(stack.template).map((one) => [one.logicalId, one]));
  const functions = Object.fromEntries(
    ofKind('function').map((packaged) => {
      const { handler = '', runtime = '' } = listed.get(packaged.logicalId) ?? {};
      const one: FunctionBundle = { ...bundles.get(packaged)!, handler, runtime };
      return [
        packaged.logicalId,
        isDeployed ? one : { ...one, architecture: architectureOf(stack.template.Resources[packaged.logicalId]!) },
      ];
    }),
  );
  const layers = Object.fromEntries(ofKind('layer').map((packaged) => [packaged.logicalId, bundles.get(packaged)!]));
  const images = imagesByDigest(stack.template);
  const code = packagedCode({ functions, images });
  // The framework has named versions after what stood in for images. Those of others it has named after their digests.
  const built = Object.fromEntries((stack.builtImages ?? []).map((id) => [id, code[id]!]));
  const named = nameVersions(stack.template, { functions: { ...functions, ...built }, layers });
  const storedTemplate = tellStoredHashes(named, code, undefined);
  const template = templateKey(identity, service, releaseId);
  await Promise.all([
    isDeployed && artifacts.writeJson(template, storedTemplate),
    times && artifacts.writeJson(buildTimesKey(identity, service, releaseId), times.read()),
  ]);

  const ofStack = isDeployed && {
    stackName: stack.name,
    stack: stack.settings,
    template,
    templateSha256: createHash('sha256').update(JSON.stringify(storedTemplate)).digest('hex'),
    templateHash: templateHash(named, servicePackage.alias),
  };
  const manifest: Manifest = {
    version: 1,
    ...names,
    framework: { name: kind, version: `${tool.name} ${tool.version}` },
    architecture: servicePackage.architecture,
    ...ofStack,
    configHash: servicePackage.configHash,
    incremental: servicePackage.incremental,
    alias: servicePackage.alias,
    shift: servicePackage.shift,
    hooks: [...servicePackage.hooks],
    outsideFiles: [...servicePackage.outsideFiles],
    ...(servicePackage.outsideUnseen && { outsideUnseen: [...servicePackage.outsideUnseen] }),
    ...(warnings.length > 0 && { warnings }),
    functions,
    ...(Object.keys(images).length > 0 && { images }),
    layers,
    assets: Object.fromEntries(
      ofKind('asset').map((packaged) => [[packaged.logicalId, ...packaged.property].join('.'), bundles.get(packaged)!]),
    ),
  };
  await artifacts.writeJson(manifestKey(identity, service, releaseId), manifest);
  return manifest;
}

/** Where the bundles of a package are, and what a person should know of it. */
interface BundlesStored {
  readonly bundles: ReadonlyMap<PackagedBundle, Bundle>;
  readonly warnings: readonly string[];
}

/**
 * Stores the bundles that are missing. What is stored already counts only if it is what this build has packaged, byte
 * for byte, or if the stage has deployed it: whoever else could write there may have put something else in its place.
 */
async function storeBundles(
  packaged: readonly PackagedBundle[],
  identity: PackageIdentity,
  { artifacts, stored: known }: { readonly artifacts: Artifacts; readonly stored: StoredBundles },
): Promise<BundlesStored> {
  const times = new Map<string, number>();
  for (const { bundle } of packaged) times.set(bundle.contentHash, (times.get(bundle.contentHash) ?? 0) + 1);
  const isShared = ({ bundle }: PackagedBundle) => times.get(bundle.contentHash)! > 1;
  const keyOf = (one: PackagedBundle) =>
    bundleKey(identity, identity.service, isShared(one) ? SHARED : one.logicalId, one.bundle.contentHash);
  const byKey = new Map(packaged.map((one) => [keyOf(one), one.bundle]));
  const unknown = [...byKey].filter(([key]) => !known.byKey.has(key));
  // What a deployed service has not had is most likely new, and storing it tells: a small one is not asked for.
  const isWorthAsking = ({ bytes }: LocalBundle) => known.byKey.size === 0 || bytes().length > ASKED_FOR;
  const asked = unknown.filter(([, bundle]) => isWorthAsking(bundle)).map(([key]) => key);
  const found: ReadonlyMap<string, StoredObject> = asked.length > 0 ? await artifacts.find(asked) : new Map();
  const stored = new Map(known.byKey);

  const upload = async () => {
    for (let next = unknown.pop(); next !== undefined; next = unknown.pop()) {
      const [key, bundle] = next;
      stored.set(key, await storeBundle(artifacts, { key, bundle, found: found.get(key) }));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, upload));

  return {
    bundles: new Map(
      packaged.map((one) => {
        const { key, sha256, size } = stored.get(keyOf(one))!;
        return [one, { bundle: key, contentHash: one.bundle.contentHash, codeSha256: sha256, size }];
      }),
    ),
    warnings: [...byKey.keys()].flatMap((key) => {
      const { key: where } = stored.get(key)!;
      return where === key || known.byKey.has(key)
        ? []
        : [`other bytes than this build has packaged are stored at ${key}; its own are beside them, at ${where}`];
    }),
  };
}

/** A bundle to store, and what lies at its key, if that was asked. */
interface BundleToStore {
  readonly key: string;
  readonly bundle: LocalBundle;
  readonly found: StoredObject | undefined;
}

/**
 * @returns where the bundle is: at its key, or beside it if other bytes are stored there. Those may be of the same
 *   content, since not every machine compresses alike
 * @throws ReleaseError `BundleCorrupt` if there are other bytes beside it, too: that key has the hash of the bytes
 */
async function storeBundle(artifacts: Artifacts, { key, bundle, found }: BundleToStore): Promise<StoredBundle> {
  const { sha256 } = bundle;
  const there = found ?? (await put(artifacts, key, bundle));
  if (there.sha256 === sha256) return { key, ...there };
  const beside = keyBeside(key, sha256);
  const other = await put(artifacts, beside, bundle);
  if (other.sha256 === sha256) return { key: beside, ...other };
  throw new ReleaseError(
    'BundleCorrupt',
    `${beside} has the SHA-256 ${other.sha256}, and its name is that of ${sha256}: something that builds of the stage ` +
      'run has stored it; find out what, delete that object from the artifact bucket and release again',
  );
}

/** @returns what is stored under the key, by this call or another. */
async function put(artifacts: Artifacts, key: string, { sha256, bytes }: LocalBundle): Promise<StoredObject> {
  const zip = bytes();
  if ((await artifacts.putIfAbsent(key, zip, { sha256 })) === 'stored') return { sha256, size: zip.length };
  const found = (await artifacts.find([key])).get(key);
  if (!found) throw new Error(`${key} was there and then was not`);
  return found;
}
