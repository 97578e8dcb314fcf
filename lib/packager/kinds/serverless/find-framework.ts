import { cp, readFile, realpath, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import { requireCommand } from '../../run-command';
import { serviceDirectory, type Workspace } from '../../workspace';
import { asksForTooOld, isAsked, OWN_FRAMEWORKS } from './framework-version';
import { askedVersion, type ServiceConfig } from './service-config';

/** A Serverless Framework that is installed. */
export interface Framework {
  /** `osls` or `serverless`: the package's own name, whatever directory an override put it in. */
  readonly name: string;
  readonly version: string;
  /** Absolute path of the JavaScript file to run. */
  readonly program: string;
}

/** What our frameworks are installed from: they and all that they need, by hash. It lies beside the packager. */
const LOCKED = join(__dirname, 'frameworks');

const PACKAGES = ['osls', 'serverless'] as const;
const PROGRAMS = ['osls', 'serverless', 'sls'] as const;
const OLDEST_MAJOR = 3;
const LICENSED_MAJOR = 4;
const LICENCE_VARIABLES = ['SERVERLESS_LICENSE_KEY', 'SERVERLESS_ACCESS_KEY'] as const;

/** The framework to run, and what a person should know of the choice. */
export interface FoundFramework {
  readonly framework: Framework;
  readonly warnings: readonly string[];
}

/**
 * Finds the framework that packages a service: what a package.json of its own or of a parent directory names and has
 * installed, else what is on the PATH, else a pinned osls, which is installed into the cache directory. Of the last two
 * only what `frameworkVersion` of the configuration accepts; the first says itself if it does not fit.
 *
 * @throws ReleaseError `FrameworkUnsupported` for a version that cannot be used, or not without a licence key;
 *   `InstallFailed` if the pinned one cannot be installed
 */
export async function findFramework(workspace: Workspace, config: ServiceConfig): Promise<FoundFramework> {
  const asked = askedVersion(config);
  const { own, unnamed } = await findInstalled(workspace);
  const found = own ?? (await findOnPath(workspace.env, asked));
  const framework = found ?? (await installOwn(workspace, config));
  refuseUnsupported(framework, workspace, config);
  const warnings = [
    ...(own === undefined && unnamed !== undefined ? [notNamed(unnamed, framework)] : []),
    ...(found === undefined && asked !== undefined ? [answered(config, asked, framework)] : []),
  ];
  for (const warning of warnings) workspace.log(`warning: ${warning}`);
  return { framework, warnings };
}

const notNamed = (unnamed: Framework, used: Framework): string =>
  `packaged with ${titleOf(used)}, not with the ${titleOf(unnamed)} of node_modules: no package.json names that ` +
  `(npm installs what plug-ins want as a peer); name the framework that you want: ` +
  `npm install --save-dev ${used.name}@${used.version}`;

const answered = ({ file }: ServiceConfig, asked: string, used: Framework): string =>
  `${file}, key "frameworkVersion": no package.json names a framework, so "${asked}" was packaged with ${titleOf(used)}; ` +
  `for another one add serverless@${asked} to devDependencies: npm install --save-dev "serverless@${asked}"`;

const titleOf = ({ name, version }: Pick<Framework, 'name' | 'version'>): string => `${name} ${version}`;

/** What is installed: `own` is named by a package.json, `unnamed` only there because something else needs it. */
async function findInstalled({ root, ...workspace }: Workspace): Promise<{
  readonly own?: Framework;
  readonly unnamed?: Framework;
}> {
  const wanted = new Set<string>();
  let unnamed: Framework | undefined;
  for (let directory = serviceDirectory({ root, ...workspace }); ; directory = dirname(directory)) {
    // A service's package may be installed into the root of its workspaces.
    for (const name of await dependenciesOf(directory)) wanted.add(name);
    const modules = join(directory, 'node_modules');
    for (const name of PACKAGES) {
      const framework = await readFramework(join(modules, name));
      if (framework && (wanted.has(name) || (await isByItself(modules, name)))) return { own: framework };
      unnamed ??= framework;
    }
    if (directory === root || directory === dirname(directory)) return { unnamed };
  }
}

async function dependenciesOf(directory: string): Promise<ReadonlySet<string>> {
  const packageJson = await readJson(join(directory, 'package.json'));
  const lists = [packageJson?.dependencies, packageJson?.devDependencies, packageJson?.optionalDependencies];
  return new Set(lists.flatMap((map) => Object.keys(map ?? {})));
}

/** What npm notes in node_modules: each package there, by its path. */
interface HiddenLockfile {
  readonly packages?: Readonly<
    Record<
      string,
      {
        readonly peer?: boolean;
        readonly dependencies?: object;
        readonly optionalDependencies?: object;
        readonly peerDependencies?: object;
      }
    >
  >;
}

/** Whether a hook has installed it for its own sake (`npm install --no-save`): no package there needs it. */
async function isByItself(modules: string, name: string): Promise<boolean> {
  const { packages = {} } = (await readJson<HiddenLockfile>(join(modules, '.package-lock.json'))) ?? {};
  const entry = packages[`node_modules/${name}`];
  if (entry === undefined || entry.peer) return false;
  return !Object.values(packages).some((one) =>
    [one.dependencies, one.optionalDependencies, one.peerDependencies].some((needs) => needs && name in needs),
  );
}

async function findOnPath(env: NodeJS.ProcessEnv, asked: string | undefined): Promise<Framework | undefined> {
  for (const program of PROGRAMS) {
    for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
      const file = await realpath(join(directory, program)).catch(() => undefined);
      // <package>/bin/<program>.js, reached through the link that npm makes.
      const framework = file && (await readFramework(dirname(dirname(file))));
      if (framework && isAsked(framework.version, asked)) return framework;
    }
  }
  return undefined;
}

async function installOwn(workspace: Workspace, config: ServiceConfig): Promise<Framework> {
  const { name, version } = chooseOwn(config);
  const spec = `${name}@${version}`;
  const home = join(workspace.cacheDirectory, spec);
  const installed = () => readFramework(join(home, 'node_modules', name));
  const found = await installed();
  if (found) return found;

  workspace.log(`no Serverless Framework found in the service or on the PATH; installing ${spec}`);
  // Builds may run side by side on one machine: install apart, then move into place as a whole.
  const apart = `${home}.${process.pid}`;
  await cp(join(LOCKED, `${name}-${version}`), apart, { recursive: true });
  const args = ['ci', '--prefix', apart, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await requireCommand({ program: 'npm', args, cwd: workspace.root, env: workspace.env }, workspace.log, {
    code: 'InstallFailed',
    message:
      `cannot install ${spec}; add osls or serverless to the service's devDependencies, or make the npm registry ` +
      'reachable',
  });
  await rename(apart, home).catch(() => rm(apart, { recursive: true, force: true }));
  const framework = await installed();
  if (!framework) throw new ReleaseError('InstallFailed', `${spec} was installed but is not in the cache directory`);
  return framework;
}

function chooseOwn(config: ServiceConfig): (typeof OWN_FRAMEWORKS)[number] {
  const asked = askedVersion(config);
  const chosen = OWN_FRAMEWORKS.find(({ version }) => isAsked(version, asked));
  if (chosen) return chosen;
  const ours = OWN_FRAMEWORKS.map(titleOf).join(' and ');
  const key = `${config.file}, key "frameworkVersion": it asks for "${asked}"`;
  throw new ReleaseError(
    'FrameworkUnsupported',
    asksForTooOld(asked!)
      ? `${key}, which is too old; write '${OLDEST_MAJOR}' and follow the framework's guide for moving to version ` +
          `${OLDEST_MAJOR}`
      : `${key}, no package.json names a framework, and Seedbed itself has ${ours}: ` +
          `npm install --save-dev "serverless@${asked}" (version ${LICENSED_MAJOR} needs a licence), or write a range ` +
          'that one of those is in',
  );
}

function refuseUnsupported(
  { name, version }: Framework,
  { app, stage, template = stage, service, env }: Workspace,
  { value }: ServiceConfig,
): void {
  const major = Number(version.split('.')[0]);
  if (name !== 'serverless') return;
  if (major < OLDEST_MAJOR) {
    throw new ReleaseError(
      'FrameworkUnsupported',
      `service ${service} uses serverless ${version}, which is too old; use version ${OLDEST_MAJOR} or osls`,
    );
  }
  // Since 4.4.5 the key may come from the configuration.
  const hasLicence = LICENCE_VARIABLES.some((variable) => env[variable]) || value?.licenseKey !== undefined;
  if (major < LICENSED_MAJOR || hasLicence) return;
  throw new ReleaseError(
    'FrameworkUnsupported',
    `service ${service} uses serverless ${version}, which needs a licence: ` +
      `set ${LICENCE_VARIABLES.join(' or ')} in the build's environment ` +
      `(seedbed env set --app ${app} --stage ${template} --secret ${LICENCE_VARIABLES[0]}), ` +
      'or use osls instead, which needs none (npm uninstall serverless; npm install --save-dev osls)',
  );
}

async function readFramework(directory: string): Promise<Framework | undefined> {
  const packageJson = await readJson(join(directory, 'package.json'));
  const { name, version, bin } = packageJson ?? {};
  if (!name || !version || !PACKAGES.some((known) => known === name)) return undefined;
  const file = typeof bin === 'string' ? bin : (bin?.serverless ?? bin?.[name]);
  return file ? { name, version, program: join(directory, file) } : undefined;
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** @returns `undefined` for a file that is missing or no JSON: it is then simply not the package looked for. */
async function readJson<Content = PackageJson>(file: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}
