import { AwsError } from '../calls/aws-error';
import { git } from '../git/git';
import { revParse } from '../git/rev-parse';

const COMMIT_ID = /^[0-9a-f]{40}$/;

/** Resolves what CodeCommit calls a commit specifier: a commit id, `HEAD`, a branch, a tag or a full reference name. */
export async function resolveCommit(directory: string, specifier: string | undefined): Promise<string> {
  if (!specifier) throw new AwsError('CommitRequiredException', 'A commit was not specified');
  const names =
    COMMIT_ID.test(specifier) || specifier.startsWith('refs/') || specifier === 'HEAD'
      ? [specifier]
      : [`refs/heads/${specifier}`, `refs/tags/${specifier}`];
  for (const name of names) {
    const found = await revParse(directory, `${name}^{commit}`);
    if (found) return found;
  }
  throw new AwsError('CommitDoesNotExistException', `Could not find commit ${specifier}`);
}

/** @returns the commit as GetCommit describes it. @throws AwsError `CommitIdDoesNotExistException` */
export async function readCommit(directory: string, commitId: string | undefined) {
  if (!commitId) throw new AwsError('CommitIdRequiredException', 'A commit ID is required');
  if (!COMMIT_ID.test(commitId)) throw new AwsError('InvalidCommitIdException', `${commitId} is not a valid commit ID`);
  const format = '%T%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B';
  const shown = await git(directory, [
    'show',
    '--no-patch',
    '--date=raw',
    `--format=${format}`,
    `${commitId}^{commit}`,
  ]).catch(() => undefined);
  if (!shown) throw new AwsError('CommitIdDoesNotExistException', `Commit ${commitId} does not exist`);
  const [treeId, parents = '', author, authorMail, authorDate, committer, committerMail, committerDate, message = ''] =
    shown.toString('utf8').split('\0');
  return {
    commitId,
    treeId,
    parents: parents.split(' ').filter(Boolean),
    message: message.replace(/\n+$/, '\n'),
    author: { name: author, email: authorMail, date: authorDate },
    committer: { name: committer, email: committerMail, date: committerDate },
    additionalData: '',
  };
}

/** One changed file as GetDifferences describes it. */
export interface Difference {
  readonly changeType: 'A' | 'M' | 'D';
  readonly beforeBlob?: { readonly blobId: string; readonly path: string; readonly mode: string };
  readonly afterBlob?: { readonly blobId: string; readonly path: string; readonly mode: string };
}

/**
 * Compares two trees, or lists a whole tree as added if there is no `before`. A rename is a deletion and an addition.
 * @param path limits the result to this file or folder
 */
export async function differences(
  directory: string,
  { before, after, path }: { readonly before?: string; readonly after: string; readonly path?: string },
): Promise<readonly Difference[]> {
  const limit = path ? ['--', path.replace(/^\/+/, '')] : [];
  if (!before) {
    const listed = await git(directory, ['ls-tree', '-r', '-z', '--full-tree', after, ...limit]);
    return records(listed).map((record) => {
      const [, mode = '', blobId = '', name = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(record) ?? [];
      return { changeType: 'A', afterBlob: { blobId, path: name, mode } };
    });
  }
  const compared = await git(directory, ['diff-tree', '-r', '-z', '--no-renames', before, after, ...limit]);
  const parts = records(compared);
  const found: Difference[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [, oldMode = '', mode = '', oldId = '', blobId = '', status = ''] =
      /^:(\d+) (\d+) (\w+) (\w+) (\w)/.exec(parts[i] ?? '') ?? [];
    const name = parts[i + 1] ?? '';
    const beforeBlob = { blobId: oldId, path: name, mode: oldMode };
    const afterBlob = { blobId, path: name, mode };
    if (status === 'A') found.push({ changeType: 'A', afterBlob });
    else if (status === 'D') found.push({ changeType: 'D', beforeBlob });
    else found.push({ changeType: 'M', beforeBlob, afterBlob });
  }
  return found;
}

/**
 * @returns a folder of a commit as GetFolder describes it; `''` is the root
 * @throws AwsError `FolderDoesNotExistException`
 */
export async function readFolder(directory: string, commitId: string, folderPath: string) {
  const treeId = await revParse(directory, `${commitId}:${folderPath}`);
  const listed = treeId && (await git(directory, ['ls-tree', '-z', treeId]).catch(() => undefined));
  if (!listed)
    throw new AwsError('FolderDoesNotExistException', `The folder ${folderPath} does not exist in ${commitId}`);
  const entries = records(listed).map((record) => {
    const [, mode = '', type = '', id = '', relativePath = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(record) ?? [];
    return { mode, type, id, relativePath, absolutePath: folderPath ? `${folderPath}/${relativePath}` : relativePath };
  });
  const place = ({ absolutePath, relativePath }: { absolutePath: string; relativePath: string }) => ({
    absolutePath,
    relativePath,
  });
  const files = entries.filter(({ type, mode }) => type === 'blob' && mode !== '120000');
  const links = entries.filter(({ mode }) => mode === '120000');
  return {
    commitId,
    folderPath,
    treeId,
    subFolders: entries.filter(({ type }) => type === 'tree').map((entry) => ({ treeId: entry.id, ...place(entry) })),
    files: files.map((entry) => ({
      blobId: entry.id,
      ...place(entry),
      fileMode: entry.mode === '100755' ? 'EXECUTABLE' : 'NORMAL',
    })),
    symbolicLinks: links.map((entry) => ({ blobId: entry.id, ...place(entry), fileMode: 'SYMLINK' })),
    subModules: entries
      .filter(({ type }) => type === 'commit')
      .map((entry) => ({ commitId: entry.id, ...place(entry) })),
  };
}

/** @returns the bytes of an existing blob. */
export const readBlob = (directory: string, blobId: string): Promise<Buffer> =>
  git(directory, ['cat-file', 'blob', blobId]);

const records = (output: Buffer): string[] => output.toString('utf8').split('\0').filter(Boolean);
