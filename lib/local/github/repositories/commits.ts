import { git } from '../../git/git';

/** Who made a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, with the offset in which it was made. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B';
const FIELDS = 10;

/** @returns the commits with these ids, in this order. NUL separates the fields, since no message can contain it. */
export async function readCommits(directory: string, shas: readonly string[]): Promise<readonly Commit[]> {
  if (shas.length === 0) return [];
  const args = ['log', '--no-walk=unsorted', '-z', `--format=tformat:${FORMAT}`, '--stdin'];
  const fields = (await git(directory, args, `${shas.join('\n')}\n`)).toString('utf8').split('\0');
  return shas.map((_, i) => {
    const [sha = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
      fields.slice(i * FIELDS, (i + 1) * FIELDS);
    return {
      sha,
      tree,
      parents: parents.split(' ').filter(Boolean),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.replace(/\n+$/, ''),
    };
  });
}

/** @returns one commit. */
export async function readCommit(directory: string, sha: string): Promise<Commit> {
  const [commit] = await readCommits(directory, [sha]);
  if (!commit) throw new Error(`there is no commit ${sha}`);
  return commit;
}

/** @param revisions which commits, as `git rev-list` takes it @returns ids of commits, newest first */
export async function listCommits(directory: string, revisions: readonly string[], most: number) {
  const listed = await git(directory, ['rev-list', `--max-count=${most}`, ...revisions]);
  return listed.toString('utf8').split('\n').filter(Boolean);
}

/** @returns whether a commit is in the history of another one, or is that one. */
export const isWithin = (directory: string, sha: string, of: string): Promise<boolean> =>
  git(directory, ['merge-base', '--is-ancestor', sha, of]).then(
    () => true,
    () => false,
  );

/** The files that a commit added, removed and modified. */
export interface TouchedFiles {
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

/** @returns which files each of these commits changed, compared with its first parent. */
export async function touchedFiles(
  directory: string,
  shas: readonly string[],
): Promise<ReadonlyMap<string, TouchedFiles>> {
  const touched = new Map<string, TouchedFiles>(shas.map((sha) => [sha, { added: [], removed: [], modified: [] }]));
  const how = ['-r', '-z', '--root', '--no-renames', '--name-status', '--diff-merges=first-parent'];
  const out = await git(directory, ['diff-tree', '--stdin', ...how], `${shas.join('\n')}\n`);
  const parts = out.toString('utf8').split('\0');
  let of: TouchedFiles | undefined;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (touched.has(part)) of = touched.get(part);
    else if (part && of) {
      i += 1;
      (part === 'A' ? of.added : part === 'D' ? of.removed : of.modified).push(parts[i] ?? '');
    }
  }
  return touched;
}
