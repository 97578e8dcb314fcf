import { join } from 'node:path/posix';
import picomatch from 'picomatch';
import { directoryOf, ROOT } from '../contracts/service-path';
import type { WorkspacePackage } from './package-graph';

const PACKAGE_JSON = 'package.json';

/**
 * @param files all paths of the commit's tree
 * @param patterns as `workspaces` of package.json and `packages` of pnpm-workspace.yaml have them; `!` takes out
 * @returns the directories of the packages that the patterns name, sorted. The root is not one of them, since what
 *   lies in it concerns everything.
 */
export function findPackages(files: readonly string[], patterns: readonly string[]): readonly string[] {
  const globs = patterns.map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/(?<!\/)\/+$/, ''));
  const [taken, out] = [globs.filter((glob) => !glob.startsWith('!')), globs.filter((glob) => glob.startsWith('!'))];
  if (taken.length === 0) return [];
  const isTaken = picomatch(taken);
  const isOut = picomatch(out.map((glob) => glob.slice(1)));
  const isPackage = (directory: string) =>
    directory !== ROOT && !directory.split('/').includes('node_modules') && isTaken(directory) && !isOut(directory);
  return files
    .filter((file) => file.endsWith(`/${PACKAGE_JSON}`))
    .map(directoryOf)
    .filter(isPackage)
    .sort();
}

/** The parts of a package.json that are read; they may hold anything. */
type PackageJson = Readonly<Record<string, unknown>>;

const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * @returns a package with all that it may use. Whether a version range fits does not matter: a package of the
 *   repository that is named counts as used.
 */
export function readPackage(directory: string, json: PackageJson): WorkspacePackage {
  const entries = DEPENDENCIES.flatMap((key) => Object.entries((json[key] ?? {}) as Record<string, unknown>));
  return {
    directory,
    name: typeof json.name === 'string' ? json.name : directory,
    dependencies: [...new Set(entries.flatMap(([name, value]) => dependencyOf(directory, name, String(value))))],
  };
}

/**
 * `workspace:` and `npm:` may give another name, `file:` and its like a directory; anything else is a version of that
 * name.
 */
function dependencyOf(directory: string, name: string, value: string): string[] {
  const [, scheme, rest = ''] = /^(file|link|portal|workspace|npm):(.*)$/.exec(value) ?? [];
  if (scheme === undefined) return [name];
  if (scheme !== 'npm' && /^\.{0,2}\//.test(rest)) return [name, join(directory, rest).replace(/\/$/, '')];
  if (scheme === 'npm' || scheme === 'workspace') return [name, /^(@?[^@]+)@/.exec(rest)?.[1] ?? name];
  return [name, join(directory, rest).replace(/\/$/, '')];
}
