import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../core/text/parse-json';
import { serviceDirectory, type Workspace } from './workspace';

/** What an installation runs of a package, in the order of npm's documentation of lifecycle scripts. */
const OF_PACKAGES = ['preinstall', 'install', 'postinstall'];
/** And of the packages of the repository itself. */
const OF_REPOSITORY = [...OF_PACKAGES, 'prepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies'];

/** Scripts that make git hooks. */
const HARMLESS = /^(husky( install)?|lefthook install|simple-git-hooks)( \|\| (true|exit 0))?$/;

/** Packages whose scripts are known to read nothing but their own files: they choose or compile a binary, or print. */
const KNOWN: ReadonlySet<string> = new Set([
  '@parcel/watcher',
  '@swc/core',
  'aws-sdk',
  'bcrypt',
  'better-sqlite3',
  'bufferutil',
  'core-js',
  'core-js-pure',
  'cpu-features',
  'es5-ext',
  'esbuild',
  'fsevents',
  'msgpackr-extract',
  'protobufjs',
  'serverless',
  'sharp',
  'ssh2',
  'unrs-resolver',
  'utf-8-validate',
]);

const PackageJson = z.object({ name: z.string(), scripts: z.record(z.string(), z.string()) }).partial();

/** What npm notes in node_modules: each package there, by its path. */
const HiddenLockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ link: z.boolean(), resolved: z.string(), hasInstallScript: z.boolean() }).partial(),
  ),
});

/**
 * Looks at what the installation of a service's dependencies may have read of the repository although nobody saw it:
 * scripts, and packages that were copied from there.
 *
 * @returns a phrase for each, such as `the install script of prisma`; none if there is nothing
 */
export async function installScripts(workspace: Workspace): Promise<readonly string[]> {
  const { root } = workspace;
  const found: string[] = [];
  for (const directory of new Set([root, serviceDirectory(workspace)])) {
    found.push(...(await ownScripts(root, directory)));
    const modules = join(directory, 'node_modules');
    const locked = HiddenLockfile.safeParse(parseJson((await read(join(modules, '.package-lock.json'))) ?? ''));
    if (locked.success) found.push(...(await ofNpm(root, directory, locked.data)));
    else found.push(...(await ofOthers(root, directory)));
  }
  return [...new Set(found)];
}

async function ownScripts(root: string, directory: string): Promise<readonly string[]> {
  const { scripts = {} } = await packageJson(directory);
  const place = join(relative(root, directory), 'package.json');
  return OF_REPOSITORY.flatMap((name) => {
    const script = scripts[name]?.trim();
    return script === undefined || HARMLESS.test(script) ? [] : [`the script "${name}" of ${place}`];
  });
}

async function ofNpm(
  root: string,
  directory: string,
  { packages }: z.infer<typeof HiddenLockfile>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [path, { link, resolved = '', hasInstallScript }] of Object.entries(packages)) {
    const name = nameOf(path);
    if (link) found.push(...(await ownScripts(root, join(directory, resolved))));
    else if (resolved.startsWith('file:')) found.push(copied(name));
    else if (hasInstallScript && path.includes('node_modules/') && !KNOWN.has(name)) found.push(scriptOf(name));
  }
  return found;
}

/** Of yarn and pnpm, which note no scripts: by all that is installed. */
async function ofOthers(root: string, directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const installed of packagesIn(join(directory, 'node_modules'))) {
    const inRepository = installed.startsWith(`${root}/`) && !installed.includes('/node_modules/');
    if (inRepository) found.push(...(await ownScripts(root, installed)));
    else {
      const { name = nameOf(installed), scripts = {} } = await packageJson(installed);
      if (OF_PACKAGES.some((script) => script in scripts) && !KNOWN.has(name)) found.push(scriptOf(name));
    }
  }
  const lockfiles = await Promise.all(['yarn.lock', 'pnpm-lock.yaml'].map((file) => read(join(directory, file))));
  if (lockfiles.some((text) => /\bfile:/.test(text ?? ''))) found.push(copied('packages'));
  if ((await read(join(directory, '.pnp.cjs'))) !== undefined) found.push("packages of Yarn's Plug'n'Play");
  return found;
}

/** The directories of all packages that are installed there; of links, where they lead. */
async function* packagesIn(modules: string): AsyncGenerator<string> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(modules, entry.name);
    if (entry.isSymbolicLink()) yield await realpath(path).catch(() => path);
    else if (!entry.isDirectory()) continue;
    else if (entry.name.startsWith('@')) yield* packagesIn(path);
    else if (entry.name === '.pnpm') {
      for (const one of await readdir(path)) yield* packagesIn(join(path, one, 'node_modules'));
    } else if (!entry.name.startsWith('.')) {
      yield path;
      yield* packagesIn(join(path, 'node_modules'));
    }
  }
}

const nameOf = (path: string): string => path.split('node_modules/').at(-1)!;
const scriptOf = (name: string): string => `the install script of ${name}`;
const copied = (name: string): string => `${name}, copied from the repository by the installation`;

async function packageJson(directory: string): Promise<z.infer<typeof PackageJson>> {
  const { data } = PackageJson.safeParse(parseJson((await read(join(directory, 'package.json'))) ?? ''));
  return data ?? {};
}

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
