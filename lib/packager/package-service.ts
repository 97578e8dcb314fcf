import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseSeedYml, SEED_YML, type SeedYml } from '../config/seed-yml';
import { configHash } from '../core/build/config-hash';
import { tellDeployHooks } from '../core/build/deploy-hooks';
import { readIncrementalSettings } from '../core/build/incremental-settings';
import { tellRestStage } from '../core/build/rest-stage';
import { readStackSettings } from '../core/build/stack-settings';
import { NOTHING_STORED, type StoredBundles } from '../core/build/stored-bundles';
import type { Architecture } from '../core/contracts/architecture';
import { HookTask, type IncrementalSettings } from '../core/contracts/manifest';
import type { ShiftSettings } from '../core/contracts/settings';
import type { StackSettings } from '../core/contracts/stack-settings';
import type { OutsideFiles } from '../core/plan/outside-files';
import type { Template } from '../core/template/template';
import type { JsonObject } from '../core/text/canonical-json';
import { tellKeysOfV4 } from './advise-framework';
import { checkTemplate } from './check-template';
import { readCompose } from './compose-file';
import { type BundleFile, findBundleFiles } from './find-bundle-files';
import type { Framework } from './find-framework';
import { installDependencies } from './install-dependencies';
import { type LocalBundle, readBundles } from './local-bundles';
import { PartTimes } from './part-times';
import { readOutside } from './read-outside';
import { readShifts, renderedFor } from './read-shifts';
import { packageArchitecture, refuseForeignCode } from './refuse-foreign-code';
import { refuseNoZip } from './refuse-no-zip';
import { refuseOwnCodeDeploy } from './refuse-own-code-deploy';
import { refuseSameNames } from './refuse-same-names';
import { refuseUnrunnableCode } from './refuse-unrunnable-code';
import { requireEnvironment } from './require-environment';
import { runHook } from './run-hook';
import { runServerless } from './run-serverless';
import { readServiceConfig } from './service-config';
import { refuseLinkOutside } from './stay-within';
import { tellTargetDefaults } from './tell-target-defaults';
import { serviceDirectory, type Workspace } from './workspace';

/** What the template points at, with the content that belongs there. */
export type PackagedBundle = BundleFile & { readonly bundle: LocalBundle };

/** A packaged service before it is stored. */
export interface ServicePackage {
  readonly framework: Framework;
  readonly stackName: string;
  readonly stack: StackSettings;
  readonly template: Template;
  /** What its native code runs on, and its next build. */
  readonly architecture: Architecture;
  readonly configHash: string;
  readonly incremental: IncrementalSettings;
  /** Name of the alias that everything invokes. */
  readonly alias: string;
  readonly shift: ShiftSettings;
  /** Those that have commands. */
  readonly hooks: readonly HookTask[];
  readonly bundles: readonly PackagedBundle[];
  /** Files outside of the service's directory that it is made of, see `OutsideFiles`. */
  readonly outsideFiles: OutsideFiles;
  /** What a person should know of it although it stops nothing; told with the release. */
  readonly warnings: readonly string[];
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
 * Packages one service of a checked-out repository: dependencies, hooks, the framework's own package command, hashes.
 *
 * @throws ReleaseError
 */
export async function packageService(
  workspace: Workspace,
  { scratch, stored, times = new PartTimes(workspace.clock) }: PackageOptions,
): Promise<ServicePackage> {
  const config = await readServiceConfig(workspace);
  const seed = await readSeedYml(workspace.root);
  requireEnvironment(workspace, seed);
  const hook = (name: 'before_compile' | 'before_build') =>
    seed[name].length > 0 ? times.measure('hooks', () => runHook(workspace, name, seed)) : undefined;
  await hook('before_compile');
  await times.measure('dependencies', () => installDependencies(workspace));
  await hook('before_build');
  const output = await times.measure('framework', () => runServerless(workspace, config, scratch));
  const { service, provider, custom, plugins, functions } = output.state.service;
  const { file } = config;
  refuseOwnCodeDeploy(output.template, { file, plugins });
  await refuseSameNames(output.template, { functions, root: workspace.root, file });
  const { stage } = workspace;
  const stack = readStackSettings(provider as JsonObject, { stage, template: output.template, file });
  const { alias, shift } = await readShifts(workspace, { output, file, shared: seed.shift });
  const ofTemplate = checkTemplate(output.template, { alias, log: workspace.log });
  const files = await findBundleFiles(output, serviceDirectory(workspace), workspace.root);
  await refuseNoZip(files, output, { root: workspace.root, directory: serviceDirectory(workspace), file });
  const known = (await stored) ?? NOTHING_STORED;
  const bundles = await times.measure('hashing', () =>
    readBundles(
      files.map(({ file }) => file),
      known,
    ),
  );
  const packaged = files.map((one) => ({ ...one, bundle: bundles.get(one.file)! }));
  refuseForeignCode(output.template, packaged, workspace);
  const told = [
    ...tellKeysOfV4(output.framework, config),
    ...tellDeployHooks(output.record.hooks),
    ...tellRestStage(provider as JsonObject, output.template),
    ...(await readCompose(workspace)),
    ...(await tellTargetDefaults(workspace, output, config)),
    ...(await refuseUnrunnableCode(packaged, { workspace, output, file, scratch })),
  ];
  for (const warning of told) workspace.log(`warning: ${warning}`);
  const machine = {
    directories: [output.directory, workspace.root, homedir()],
    artifactDirectory: output.state.package.artifactDirectoryName,
  };
  return {
    framework: output.framework,
    stackName: provider.stackName ?? `${service}-${stage}`,
    stack,
    template: output.template,
    architecture: packageArchitecture(output.template, packaged),
    configHash: configHash(output.state.service as JsonObject, machine, renderedFor(alias, shift)),
    incremental: readIncrementalSettings(custom, file),
    alias,
    shift,
    hooks: HookTask.options.filter((hook) => seed[hook].length > 0),
    bundles: packaged,
    outsideFiles: await readOutside(workspace, output, { config, files }),
    warnings: [...output.warnings, ...told, ...ofTemplate],
  };
}

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
