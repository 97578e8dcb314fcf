import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSeedYml, SEED_YML, type SeedYml } from '../config/seed-yml';
import { NOTHING_STORED, type StoredBundles } from '../core/build/stored-bundles';
import type { Architecture } from '../core/contracts/architecture';
import { HookTask } from '../core/contracts/manifest';
import type { ServiceKind } from '../core/contracts/service-kind';
import { boundText } from '../core/text/bound-text';
import { checkTemplate } from './check-template';
import { installDependencies } from './install-dependencies';
import { findKind } from './kinds/find-kind';
import type { BuiltService, PackagedBundle } from './kinds/kind';
import { readBundles } from './local-bundles';
import { PartTimes } from './part-times';
import { packageArchitecture, refuseForeignCode } from './refuse-foreign-code';
import { refuseTooLarge } from './refuse-too-large';
import { requireEnvironment } from './require-environment';
import { runHook } from './run-hook';
import { refuseLinkOutside } from './stay-within';
import { unseenBefore } from './unseen-before';
import type { Workspace } from './workspace';

const MOST_UNSEEN = 5;
const LONGEST_UNSEEN = 100;

/** A packaged service before it is stored. */
export interface ServicePackage extends Omit<BuiltService, 'check'> {
  readonly kind: ServiceKind;
  /** What its native code runs on, and its next build. */
  readonly architecture: Architecture;
  /** Those that have commands. */
  readonly hooks: readonly HookTask[];
  readonly bundles: readonly PackagedBundle[];
}

/** What is known before a service is packaged. */
export interface PackageOptions {
  /** Directory outside the repository for what the build leaves. */
  readonly scratch: string;
  /** What is stored already, which may come while the service is packaged. */
  readonly stored?: Promise<StoredBundles>;
  readonly times?: PartTimes;
}

/**
 * Packages one service of a checked-out repository: dependencies, hooks, what its kind builds, hashes.
 *
 * @throws ReleaseError
 */
export async function packageService(
  workspace: Workspace,
  { scratch, stored, times = new PartTimes(workspace.clock) }: PackageOptions,
): Promise<ServicePackage> {
  const seed = await readSeedYml(workspace.root);
  const kind = await findKind(workspace, seed);
  const written = await kind.read(workspace, seed);
  requireEnvironment(workspace, seed);
  const hook = (name: 'before_compile' | 'before_build') =>
    seed[name].length > 0 ? times.measure('hooks', () => runHook(workspace, name, seed)) : undefined;
  await hook('before_compile');
  await times.measure('dependencies', () => installDependencies(workspace));
  await hook('before_build');
  const watch = seed.changes === 'files';
  const before = watch ? await unseenBefore(workspace, seed) : [];
  const built = await times.measure('framework', () => written.build({ scratch, shared: seed.shift, watch }));
  const { check, warnings, ...service } = built;
  const { template, files } = built.stack;
  const isDeployed = built.stack.name !== undefined;
  const ofTemplate = isDeployed ? checkTemplate(template, { alias: built.alias, log: workspace.log }) : [];
  const known = (await stored) ?? NOTHING_STORED;
  const bundles = await times.measure('hashing', () =>
    readBundles(
      files.map(({ file }) => file),
      known,
    ),
  );
  const packaged = files.map((one) => ({ ...one, bundle: bundles.get(one.file)! }));
  refuseForeignCode(template, packaged, workspace);
  refuseTooLarge(packaged);
  const told = await check(packaged);
  for (const warning of told) workspace.log(`warning: ${warning}`);
  return {
    kind: kind.name,
    ...service,
    ...(service.outsideUnseen && { outsideUnseen: boundUnseen([...before, ...service.outsideUnseen]) }),
    architecture: packageArchitecture(template, packaged),
    hooks: HookTask.options.filter((hook) => seed[hook].length > 0),
    bundles: packaged,
    warnings: [...warnings, ...told, ...ofTemplate],
  };
}

/** Every plan of the stage reads it. */
const boundUnseen = (unseen: readonly string[]): readonly string[] =>
  [...new Set(unseen)].slice(0, MOST_UNSEEN).map((one) => boundText(one, LONGEST_UNSEEN));

/**
 * @param root of the repository
 * @throws ReleaseError `ConfigInvalid`
 */
export async function readSeedYml(root: string): Promise<SeedYml> {
  await refuseLinkOutside(root, SEED_YML);
  const text = await readFile(join(root, SEED_YML), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return parseSeedYml(text);
}
