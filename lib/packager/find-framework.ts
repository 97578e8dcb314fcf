import { readFile, realpath, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';
import { requireCommand } from './run-command';
import { serviceDirectory, type Workspace } from './workspace';

/** A Serverless Framework that is installed. */
export interface Framework {
  /** `osls` or `serverless`: the package's own name, whatever directory an override put it in. */
  readonly name: string;
  readonly version: string;
  /** Absolute path of the JavaScript file to run. */
  readonly program: string;
}

/** What packages a service whose repository brings no framework of its own. */
const FALLBACK = { name: 'osls', version: '4.3.1' } as const;
const PACKAGES = ['osls', 'serverless'] as const;
const PROGRAMS = ['osls', 'serverless', 'sls'] as const;
const OLDEST_MAJOR = 3;
const LICENSED_MAJOR = 4;
const LICENCE_VARIABLES = ['SERVERLESS_LICENSE_KEY', 'SERVERLESS_ACCESS_KEY'] as const;

/**
 * Finds the framework that packages a service: what its own or a parent directory has installed, else what is on the
 * PATH, else a pinned osls, which is installed into the cache directory.
 *
 * @throws ReleaseError `FrameworkUnsupported` for a version that cannot be used, or not without a licence key;
 *   `InstallFailed` if the pinned one cannot be installed
 */
export async function findFramework(workspace: Workspace): Promise<Framework> {
  const framework =
    (await findInstalled(workspace)) ?? (await findOnPath(workspace.env)) ?? (await installFallback(workspace));
  refuseUnsupported(framework, workspace);
  return framework;
}

async function findInstalled({ root, ...workspace }: Workspace): Promise<Framework | undefined> {
  for (let directory = serviceDirectory({ root, ...workspace }); ; directory = dirname(directory)) {
    const wanted = await dependenciesOf(directory);
    // npm also installs mere peer dependencies of plug-ins; what package.json names comes first.
    const candidates = [...PACKAGES].sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
    for (const name of candidates) {
      const framework = await readFramework(join(directory, 'node_modules', name));
      if (framework) return framework;
    }
    if (directory === root || directory === dirname(directory)) return undefined;
  }
}

async function dependenciesOf(directory: string): Promise<ReadonlySet<string>> {
  const packageJson = await readJson(join(directory, 'package.json'));
  const named = [packageJson?.dependencies, packageJson?.devDependencies].flatMap((map) => Object.keys(map ?? {}));
  return new Set(named);
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<Framework | undefined> {
  for (const program of PROGRAMS) {
    for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
      const file = await realpath(join(directory, program)).catch(() => undefined);
      // <package>/bin/<program>.js, reached through the link that npm makes.
      const framework = file && (await readFramework(dirname(dirname(file))));
      if (framework) return framework;
    }
  }
  return undefined;
}

async function installFallback(workspace: Workspace): Promise<Framework> {
  const spec = `${FALLBACK.name}@${FALLBACK.version}`;
  const home = join(workspace.cacheDirectory, spec);
  const installed = () => readFramework(join(home, 'node_modules', FALLBACK.name));
  const found = await installed();
  if (found) return found;

  workspace.log(`no Serverless Framework found in the service or on the PATH; installing ${spec}`);
  // Builds may run side by side on one machine: install apart, then move into place as a whole.
  const apart = `${home}.${process.pid}`;
  const args = ['install', '--prefix', apart, '--no-save', '--no-audit', '--no-fund', '--prefer-offline', spec];
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

function refuseUnsupported({ name, version }: Framework, { service, env }: Workspace): void {
  const major = Number(version.split('.')[0]);
  if (name !== 'serverless') return;
  if (major < OLDEST_MAJOR) {
    throw new ReleaseError(
      'FrameworkUnsupported',
      `service ${service} uses serverless ${version}, which is too old; use version ${OLDEST_MAJOR} or osls`,
    );
  }
  if (major >= LICENSED_MAJOR && !LICENCE_VARIABLES.some((variable) => env[variable])) {
    throw new ReleaseError(
      'FrameworkUnsupported',
      `service ${service} uses serverless ${version}, which needs a licence: ` +
        `set ${LICENCE_VARIABLES.join(' or ')} in the build's environment, or use osls instead`,
    );
  }
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
}

/** @returns `undefined` for a file that is missing or no JSON: it is then simply not the package looked for. */
async function readJson(file: string): Promise<PackageJson | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PackageJson;
  } catch {
    return undefined;
  }
}
