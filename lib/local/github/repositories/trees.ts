import { git } from '../../git/git';
import { LIMITS, type Limits } from '../http/limits';

/** One entry of a tree. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  /** Bytes of a file. */
  readonly size?: number;
}

/**
 * Bytes that git needs for an entry besides its path. GitHub does not document what counts against its limit; this is
 * our assumption.
 */
const ENTRY_BYTES = 53;

/** @returns the entries of a tree in git's order; with `recursive` also everything below, folders included. */
export async function readTree(
  directory: string,
  tree: string,
  how: 'recursive' | 'flat',
): Promise<readonly TreeEntry[]> {
  const listed = await git(directory, ['ls-tree', '-z', '-l', ...(how === 'recursive' ? ['-r', '-t'] : []), tree]);
  return listed.toString('utf8').split('\0').filter(Boolean).map(parseEntry);
}

/** @param record of `git ls-tree -z -l` */
export function parseEntry(record: string): TreeEntry {
  const [, mode = '', type = '', sha = '', size = '', path = ''] =
    /^(\d+) (\w+) (\w+) +(\d+|-)\t(.*)$/s.exec(record) ?? [];
  return { path, mode, type, sha, ...(size === '-' ? {} : { size: Number(size) }) };
}

/**
 * @returns the part of a tree that GitHub shows. A single folder is limited in entries, a recursive tree also in bytes.
 */
export function truncate(all: readonly TreeEntry[], how: 'recursive' | 'flat', { treeEntries, treeBytes }: Limits) {
  if (how === 'flat') return { entries: all.slice(0, LIMITS.treeEntries), truncated: all.length > LIMITS.treeEntries };
  const entries: TreeEntry[] = [];
  let bytes = 0;
  for (const entry of all) {
    bytes += Buffer.byteLength(entry.path) + ENTRY_BYTES;
    if (entries.length >= treeEntries || bytes > treeBytes) break;
    entries.push(entry);
  }
  return { entries, truncated: entries.length < all.length };
}

/** @param url of the repository in the API */
export const treeJson = (url: string, { path, mode, type, sha, size }: TreeEntry) => ({
  path,
  mode,
  type,
  ...(size === undefined ? {} : { size }),
  sha,
  // A submodule's commit is in another repository.
  ...(type === 'commit' ? {} : { url: `${url}/git/${type}s/${sha}` }),
});
