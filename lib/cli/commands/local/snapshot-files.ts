import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError, git } from '../../platform/git';

/** One file of a snapshot. */
export interface SnapshotFile {
  /** From the directory, `/` between parts. */
  readonly path: string;
  /** As git writes it: plain, executable or symbolic link. */
  readonly mode: '100644' | '100755' | '120000';
}

/** What is installed or generated, where no .gitignore says so. */
const GENERATED: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.serverless',
  '.aws-sam',
  '.esbuild',
  '.webpack',
  '.venv',
  '__pycache__',
  'cdk.out',
]);

/**
 * Lists the files of a directory that belong to it: in a git repository those that are tracked or could be (untracked
 * and not ignored), as they are on disk; anywhere else all but what is installed or generated.
 * @returns sorted by path
 */
export async function listSnapshotFiles(directory: string): Promise<readonly SnapshotFile[]> {
  const paths = (await listByGit(directory)) ?? (await walk(directory));
  const files = await Promise.all([...new Set(paths)].map((path) => describe(directory, path)));
  return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @returns undefined if the directory is in no git repository, or in one that ignores it. */
async function listByGit(directory: string): Promise<string[] | undefined> {
  try {
    const inside = await git(['rev-parse', '--is-inside-work-tree'], { cwd: directory });
    if (inside.toString('utf8').trim() !== 'true') return undefined;
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
  const listed = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: directory });
  const paths = listed.toString('utf8').split('\0').filter(Boolean);
  return paths.length > 0 || !(await isIgnored(directory)) ? paths : undefined;
}

const isIgnored = (directory: string): Promise<boolean> =>
  git(['check-ignore', '--quiet', '.'], { cwd: directory }).then(
    () => true,
    () => false,
  );

async function walk(directory: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(directory, below), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !GENERATED.has(name))
      .map((entry) => (entry.isDirectory() ? walk(directory, `${below}${entry.name}/`) : [`${below}${entry.name}`])),
  );
  return found.flat();
}

/** @returns the file; nothing if it was deleted or is not a file; the files of a repository within the repository. */
async function describe(directory: string, path: string): Promise<readonly SnapshotFile[]> {
  const stats = await lstat(join(directory, path)).catch(() => undefined);
  if (stats?.isSymbolicLink()) return [{ path, mode: '120000' }];
  if (stats?.isFile()) return [{ path, mode: stats.mode & 0o100 ? '100755' : '100644' }];
  if (!stats?.isDirectory()) return [];
  const inner = path.replace(/\/$/, '');
  const files = await listSnapshotFiles(join(directory, inner));
  return files.map((file) => ({ ...file, path: `${inner}/${file.path}` }));
}
