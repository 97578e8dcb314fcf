import { NOTHING_STORED, type StoredBundles } from '../core/build/stored-bundles';
import { buildTimesKey, bundleKey, manifestKey, templateKey } from '../core/contracts/keys';
import type { Bundle, FunctionBundle, Manifest } from '../core/contracts/manifest';
import { nameVersions, tellStoredHashes } from '../core/template/kept-versions';
import { listFunctions } from '../core/template/list-functions';
import { templateHash } from '../core/template/normalise-template';
import type { Artifacts, StoredObject } from '../ports/artifacts';
import type { LocalBundle } from './local-bundles';
import type { PackagedBundle, ServicePackage } from './package-service';
import type { PartTimes } from './part-times';

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
  const store = () => storeBundles(servicePackage.bundles, identity, { artifacts, stored });
  const bundles = await (times ? times.measure('upload', store) : store());
  const ofKind = (kind: PackagedBundle['kind']) => servicePackage.bundles.filter((packaged) => packaged.kind === kind);
  const listed = new Map(listFunctions(servicePackage.template).map((one) => [one.logicalId, one]));
  const functions = Object.fromEntries(
    ofKind('function').map((packaged) => {
      const { handler = '', runtime = '' } = listed.get(packaged.logicalId) ?? {};
      return [packaged.logicalId, { ...bundles.get(packaged)!, handler, runtime } satisfies FunctionBundle];
    }),
  );
  const layers = Object.fromEntries(ofKind('layer').map((packaged) => [packaged.logicalId, bundles.get(packaged)!]));
  const named = nameVersions(servicePackage.template, { functions, layers });
  const template = templateKey(identity, service, releaseId);
  await Promise.all([
    artifacts.writeJson(template, tellStoredHashes(named, functions, undefined)),
    ...(times ? [artifacts.writeJson(buildTimesKey(identity, service, releaseId), times.read())] : []),
  ]);

  const manifest: Manifest = {
    version: 1,
    ...names,
    framework: { name: 'serverless', version: `${servicePackage.framework.name} ${servicePackage.framework.version}` },
    stackName: servicePackage.stackName,
    architecture: servicePackage.architecture,
    template,
    templateHash: templateHash(named),
    configHash: servicePackage.configHash,
    incremental: servicePackage.incremental,
    alias: servicePackage.alias,
    shift: servicePackage.shift,
    hooks: [...servicePackage.hooks],
    ...(servicePackage.warnings.length > 0 && { warnings: [...servicePackage.warnings] }),
    functions,
    layers,
    assets: Object.fromEntries(
      ofKind('asset').map((packaged) => [[packaged.logicalId, ...packaged.property].join('.'), bundles.get(packaged)!]),
    ),
  };
  await artifacts.writeJson(manifestKey(identity, service, releaseId), manifest);
  return manifest;
}

async function storeBundles(
  packaged: readonly PackagedBundle[],
  identity: PackageIdentity,
  { artifacts, stored: known }: { readonly artifacts: Artifacts; readonly stored: StoredBundles },
): Promise<ReadonlyMap<PackagedBundle, Bundle>> {
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
  const found = asked.length > 0 ? await artifacts.find(asked) : [];
  const stored = new Map([...known.byKey, ...found]);

  const missing = [...byKey].filter(([key]) => !stored.has(key));
  const upload = async () => {
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
      const [key, bundle] = next;
      stored.set(key, await put(artifacts, key, bundle));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, upload));

  return new Map(
    packaged.map((one) => {
      const key = keyOf(one);
      const { sha256, size } = stored.get(key)!;
      return [one, { bundle: key, contentHash: one.bundle.contentHash, codeSha256: sha256, size }];
    }),
  );
}

async function put(artifacts: Artifacts, key: string, bundle: LocalBundle): Promise<StoredObject> {
  const { sha256 } = bundle;
  const bytes = bundle.bytes();
  if ((await artifacts.putIfAbsent(key, bytes, { sha256 })) === 'stored') return { sha256, size: bytes.length };
  // Another build was faster; what it stored counts.
  const found = (await artifacts.find([key])).get(key);
  if (!found) throw new Error(`${key} was there and then was not`);
  return found;
}
