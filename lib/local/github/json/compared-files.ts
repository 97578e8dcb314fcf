import { git } from '../../git/git';
import type { Repository } from '../repositories/repositories';
import { apiUrlOf, htmlUrlOf } from './repository-json';

/** A file that differs between two commits. */
export interface ComparedFile {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly path: string;
  readonly previous?: string;
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

const STATUS: Readonly<Record<string, ComparedFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};
/** Where git has no commit to compare with: the tree without anything. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** @returns the files that differ, by path; with renames, as GitHub finds them. */
export async function comparedFiles(directory: string, from: string, to: string): Promise<readonly ComparedFile[]> {
  const how = ['diff-tree', '-r', '-z', '-M', '--no-commit-id'];
  const [raw, lines] = await Promise.all([
    git(directory, [...how, '--raw', '--no-abbrev', from, to]),
    git(directory, [...how, '--numstat', from, to]),
  ]);
  const counts = countedLines(lines);
  const parts = raw.toString('utf8').split('\0');
  const files: ComparedFile[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [, before = '', after = '', letter = ''] = /^:\d+ \d+ (\w+) (\w+) (\w)/.exec(parts[i] ?? '') ?? [];
    const renamed = letter === 'R' || letter === 'C';
    const first = parts[i + 1] ?? '';
    const path = renamed ? (parts[i + 2] ?? '') : first;
    if (renamed) i += 1;
    const [additions = 0, deletions = 0] = counts.get(path) ?? [];
    const sha = letter === 'D' ? before : after;
    const previous = renamed ? first : undefined;
    files.push({ status: STATUS[letter] ?? 'changed', path, previous, sha, additions, deletions });
  }
  return files;
}

/** Lines that came and went by path; a binary file has none. */
function countedLines(output: Buffer): ReadonlyMap<string, readonly [number, number]> {
  const counts = new Map<string, readonly [number, number]>();
  const parts = output.toString('utf8').split('\0');
  for (let i = 0; i < parts.length; i++) {
    const [added = '', removed = '', path = ''] = (parts[i] ?? '').split('\t');
    if (!added) continue;
    // Of a rename, both paths follow by themselves.
    if (!path) i += 2;
    counts.set(path || (parts[i] ?? ''), [Number(added) || 0, Number(removed) || 0]);
  }
  return counts;
}

/** @returns a file as comparisons and commits list it. The patch is left out, as GitHub does with large ones. */
export function fileJson(
  parts: { readonly endpoint: string },
  repository: Repository,
  { file, sha }: { readonly file: ComparedFile; readonly sha: string },
) {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const html = htmlUrlOf(parts, repository);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${apiUrlOf(parts, repository)}/contents/${path}?ref=${sha}`,
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}
