import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseError } from '../../../core/contracts/errors';
import { GitError, git, reachDirectly } from '../../platform/git';
import type { SnapshotFile } from './snapshot-files';

/** Where a snapshot goes. */
export interface SnapshotTarget {
  /** URL of the repository. */
  readonly url: string;
  readonly branch: string;
  readonly message: string;
}

const AUTHOR = { GIT_AUTHOR_NAME: 'seedbed', GIT_AUTHOR_EMAIL: 'seedbed@localhost' };
const IDENTITY = {
  ...AUTHOR,
  GIT_COMMITTER_NAME: AUTHOR.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: AUTHOR.GIT_AUTHOR_EMAIL,
};

/**
 * Pushes files of a directory as a commit on top of the branch's last one. Works in a repository of its own: the one
 * that the directory is in stays untouched, and so does its index. Bytes are taken as they are, whatever filters git is
 * told to use.
 *
 * @param files see `listSnapshotFiles`
 * @returns the commit; the branch's last one if the files are the same
 * @throws ReleaseError PushFailed with git's words
 */
export async function pushSnapshot(
  directory: string,
  files: readonly SnapshotFile[],
  { url, branch, message }: SnapshotTarget,
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'seedbed-snapshot-'));
  const run = async (args: readonly string[], input?: string | Buffer): Promise<string> =>
    (await git(['--git-dir', scratch, ...args], { cwd: directory, input, env: IDENTITY })).toString('utf8').trim();
  try {
    await run(['init', '--quiet', '--bare']);
    const tree = await writeTree(run, directory, files);
    const remote = reachDirectly(url);
    const listed = await run([...remote, 'ls-remote', url, `refs/heads/${branch}`]);
    const last = /^[0-9a-f]{40}/.exec(listed)?.[0];
    if (last) await run([...remote, 'fetch', '--quiet', '--depth', '1', url, last]);
    if (last && (await run(['rev-parse', `${last}^{tree}`])) === tree) return last;
    const commit = await run(['commit-tree', tree, ...(last ? ['-p', last] : [])], message);
    await run([...remote, 'push', '--quiet', url, `${commit}:refs/heads/${branch}`]);
    return commit;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new ReleaseError('PushFailed', `${directory} could not be pushed to ${url}: ${error.message}`, {
      cause: error,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Run = (args: readonly string[], input?: string | Buffer) => Promise<string>;

/** @returns the id of the tree of these files. */
async function writeTree(run: Run, directory: string, files: readonly SnapshotFile[]): Promise<string> {
  const odd = files.find(({ path }) => path.includes('\n'));
  if (odd)
    throw new ReleaseError('ConfigInvalid', `${JSON.stringify(odd.path)} has a line break in its name; rename it`);
  const plain = files.filter(({ mode }) => mode !== '120000');
  const ids = await run(
    ['hash-object', '-w', '--no-filters', '--stdin-paths'],
    plain.map(({ path }) => `${join(directory, path)}\n`).join(''),
  );
  const entries = ids.split('\n').flatMap((id, index) => (plain[index] ? [entry(plain[index], id)] : []));
  for (const link of files.filter(({ mode }) => mode === '120000')) {
    const target = await readlink(join(directory, link.path));
    entries.push(entry(link, await run(['hash-object', '-w', '--stdin'], target)));
  }
  await run(['update-index', '--add', '-z', '--index-info'], entries.join(''));
  return run(['write-tree']);
}

const entry = ({ mode, path }: SnapshotFile, id: string): string => `${mode} ${id}\t${path}\0`;
