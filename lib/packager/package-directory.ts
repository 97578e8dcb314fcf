import { cp, lstat, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { NO_ENVIRONMENT } from '../core/build/environment-hash';
import { ReleaseError } from '../core/contracts/errors';
import type { Manifest } from '../core/contracts/manifest';
import { toServicePath } from '../core/contracts/service-path';
import { readServices } from '../core/plan/read-services';
import { useInstead } from '../core/text/nearest';
import type { Clock } from '../ports/clock';
import { fileArtifacts } from './file-artifacts';
import { packageService, readSeedYml } from './package-service';
import { type Log, runCommand } from './run-command';
import { storePackage } from './store-package';
import { commandEnvironment } from './workspace';

/** What to package without a platform, and where to put it. */
export interface PackageDirectoryRequest {
  /** Root of a repository or a single service, in git or not; absolute. */
  readonly directory: string;
  /** Only this service; else every service found. */
  readonly service?: string;
  readonly app: string;
  readonly stage: string;
  readonly region: string;
  /** Directory that stands for the artifact repository; absolute. */
  readonly out: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
}

/** What git, the package managers and the framework leave in a work tree; a build starts without it, and without what
 * git ignores. */
const LEFT_OUT = new Set(['.git', 'node_modules', '.serverless', '.esbuild', '.webpack', '.build']);
/** Stand-ins, since there is no release and no commit. */
const NO_RELEASE = '0'.repeat(26);
const NO_COMMIT = '0'.repeat(40);

/**
 * Does what a build does, on a copy of a directory and without AWS.
 *
 * @returns the manifest of each service, by path
 * @throws ReleaseError
 */
export async function packageDirectory(request: PackageDirectoryRequest): Promise<readonly Manifest[]> {
  const { app, stage, region, clock, log } = request;
  // Programs report real paths, and only those can be kept out of the hashes.
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'seedbed-package-')));
  try {
    const root = join(scratch, 'source');
    await copySources(request, root);
    const seed = await readSeedYml(root);
    const files = (await readdir(root, { recursive: true })).map((file) => file.split(sep).join('/'));
    const found = await readServices(files, seed, (file) => readFile(join(root, file), 'utf8'));
    const services = chooseServices(found, request.service);
    const artifacts = fileArtifacts(request.out);
    const manifests: Manifest[] = [];
    for (const service of services) {
      const env = commandEnvironment(request.env, { app, stage, service });
      const cacheDirectory = join(homedir(), '.cache', 'seedbed');
      const workspace = { root, service, app, stage, region, env, clock, log, cacheDirectory };
      const servicePackage = await packageService(workspace, { scratch: join(scratch, 'scratch') });
      const identity = {
        app,
        service,
        stage,
        commit: NO_COMMIT,
        releaseId: NO_RELEASE,
        environmentHash: NO_ENVIRONMENT,
      };
      manifests.push(await storePackage(servicePackage, identity, artifacts));
    }
    return manifests;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function chooseServices(services: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return services;
  const path = toServicePath(wanted);
  if (path !== undefined && services.includes(path)) return [path];
  throw new ReleaseError('ServiceNotFound', `there is no service "${wanted}"; ${useInstead(wanted, services)}`);
}

async function copySources({ directory, out, env }: PackageDirectoryRequest, to: string): Promise<void> {
  const ignored = await ignoredPaths(directory, env);
  await cp(directory, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (path) =>
      path === directory ||
      (path !== out && !LEFT_OUT.has(basename(path)) && !ignored.has(path) && (await isKeptByGit(path))),
  });
}

/** Sockets and pipes, which programs leave that run in a work tree, cannot be committed. */
async function isKeptByGit(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}

/** @returns absolute paths of files and directories that git ignores; of a directory outside of git, none */
async function ignoredPaths(directory: string, env: NodeJS.ProcessEnv): Promise<ReadonlySet<string>> {
  const lines: string[] = [];
  const git = (...args: readonly string[]) =>
    runCommand({ program: 'git', args: ['-c', 'safe.directory=*', ...args], cwd: directory, env }, (line) =>
      lines.push(line),
    );
  // Where all of it is ignored, someone has made it to be packaged all the same.
  if ((await git('check-ignore', '--quiet', '.')).exitCode !== 1) return new Set();
  const listing = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory'];
  const { exitCode } = await git('-c', 'core.quotePath=false', ...listing);
  return new Set(exitCode === 0 ? lines.map((line) => join(directory, line)).map(withoutSlash) : []);
}

const withoutSlash = (path: string): string => path.replace(/\/$/, '');
