import { access, readFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';
import { requireCommand } from './run-command';
import { serviceDirectory, type Workspace } from './workspace';

interface PackageJson {
  readonly packageManager?: string;
  readonly workspaces?: unknown;
  readonly [dependencies: string]: unknown;
}

const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const QUICK = ['--no-audit', '--no-fund', '--prefer-offline'];
/** What npm, yarn and pnpm say if they get no answer. */
const UNREACHABLE =
  /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL)\b/;
const REACH_IT =
  "the registry cannot be reached from the build: check .npmrc, the addresses in the lockfile, and the build's " +
  'network and proxy';

/** How each lockfile is installed from, exactly as locked; the first that is there counts. */
const LOCKFILES: readonly {
  readonly file: string;
  readonly manager: 'npm' | 'yarn' | 'pnpm';
  readonly args: readonly string[];
}[] = [
  { file: 'npm-shrinkwrap.json', manager: 'npm', args: ['ci', ...QUICK] },
  { file: 'package-lock.json', manager: 'npm', args: ['ci', ...QUICK] },
  { file: 'pnpm-lock.yaml', manager: 'pnpm', args: ['install', '--frozen-lockfile', '--prefer-offline'] },
  {
    file: 'yarn.lock',
    manager: 'yarn',
    args: ['install', '--frozen-lockfile', '--non-interactive', '--prefer-offline'],
  },
];

/**
 * Installs what the service needs: at the repository's root if that has a lockfile (or workspaces), then in the
 * service's directory if that has a package.json of its own that no workspace covers.
 *
 * @throws ReleaseError `InstallFailed` with the command and its last lines
 */
export async function installDependencies(workspace: Workspace): Promise<void> {
  const directory = serviceDirectory(workspace);
  const rootPackage = await readPackageJson(workspace.root, workspace.root);
  const isRoot = workspace.service === '.';
  const rootLock = await findLockfile(workspace.root);
  const hasWorkspaces = await hasWorkspacesIn(workspace.root, rootPackage);

  if (rootPackage && (isRoot || rootLock || hasWorkspaces)) await install(workspace, workspace.root, rootPackage);
  if (!isRoot) await installBelow(workspace, directory, hasWorkspaces);
}

/**
 * Installs what a directory below the service's own needs, if it has a package.json that no workspace covers: code of
 * functions that have dependencies each for itself.
 *
 * @param directory absolute path
 * @throws ReleaseError `InstallFailed` with the command and its last lines
 */
export async function installInDirectory(workspace: Workspace, directory: string): Promise<void> {
  if (directory === workspace.root || directory === serviceDirectory(workspace)) return;
  const rootPackage = await readPackageJson(workspace.root, workspace.root);
  await installBelow(workspace, directory, await hasWorkspacesIn(workspace.root, rootPackage));
}

async function installBelow(workspace: Workspace, directory: string, hasWorkspaces: boolean): Promise<void> {
  const ownPackage = await readPackageJson(workspace.root, directory);
  if (!ownPackage) return;
  if (hasWorkspaces && !(await findLockfile(directory))) return;
  await install(workspace, directory, ownPackage);
}

const hasWorkspacesIn = async (root: string, rootPackage: PackageJson | undefined): Promise<boolean> =>
  rootPackage?.workspaces !== undefined || (await exists(join(root, 'pnpm-workspace.yaml')));

async function install(workspace: Workspace, directory: string, packageJson: PackageJson): Promise<void> {
  const lock = await findLockfile(directory);
  const place = relative(workspace.root, directory) || 'the root';
  if (!lock && packageJson.workspaces === undefined && !DEPENDENCY_KEYS.some((key) => packageJson[key])) return;
  if (!lock) {
    workspace.log(
      `warning: ${place} has a package.json but no lockfile, so two builds may differ; commit its lockfile`,
    );
  }
  const manager = lock?.manager ?? 'npm';
  const args = await argumentsFor(lock, directory, packageJson);
  const { program, before } = await programOf(manager, packageJson, workspace.env);
  const command = { program, args: [...before, ...args], cwd: directory, env: workspace.env };
  workspace.log(`installing dependencies of ${place}: ${[manager, ...args].join(' ')}`);
  await requireCommand(command, workspace.log, {
    code: 'InstallFailed',
    message: `cannot install the dependencies of ${place}`,
    advise: (lines) => (lines.some((line) => UNREACHABLE.test(line)) ? REACH_IT : undefined),
  });
}

async function argumentsFor(
  lock: (typeof LOCKFILES)[number] | undefined,
  directory: string,
  packageJson: PackageJson,
): Promise<readonly string[]> {
  // A lockfile created now would end up in the bundles.
  if (!lock) return ['install', '--no-package-lock', ...QUICK];
  if (lock.manager !== 'yarn') return lock.args;
  const isBerry =
    /^yarn@[2-9]/.test(packageJson.packageManager ?? '') || (await exists(join(directory, '.yarnrc.yml')));
  return isBerry ? ['install', '--immutable'] : lock.args;
}

/** A package manager that is not on the PATH is run by npm, in the version that package.json asks for. */
async function programOf(
  manager: 'npm' | 'yarn' | 'pnpm',
  { packageManager = '' }: PackageJson,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly program: string; readonly before: readonly string[] }> {
  if (manager === 'npm' || (await isOnPath(manager, env))) return { program: manager, before: [] };
  const asked = new RegExp(`^${manager}@([0-9][^+]*)`).exec(packageManager)?.[1];
  const version = asked ?? { yarn: '1.22.22', pnpm: '10' }[manager];
  const name = manager === 'yarn' && !version.startsWith('1.') ? '@yarnpkg/cli-dist' : manager;
  return { program: 'npm', before: ['exec', '--yes', `--package=${name}@${version}`, '--', manager] };
}

async function findLockfile(directory: string): Promise<(typeof LOCKFILES)[number] | undefined> {
  for (const lock of LOCKFILES) if (await exists(join(directory, lock.file))) return lock;
  return undefined;
}

async function isOnPath(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    if (directory && (await exists(join(directory, program)))) return true;
  }
  return false;
}

async function readPackageJson(root: string, directory: string): Promise<PackageJson | undefined> {
  const file = join(directory, 'package.json');
  if (!(await exists(file))) return undefined;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PackageJson;
  } catch (cause) {
    throw new ReleaseError('InstallFailed', `${relative(root, file)} is not valid JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
