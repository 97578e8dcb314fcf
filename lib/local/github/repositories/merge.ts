import { git } from '../../git/git';

/** What a merge commit is made of. */
export interface MergeOfCommits {
  readonly base: string;
  readonly head: string;
  readonly message: string;
  readonly login: string;
  /** `squash`: one commit with everything that the head brings, and only the base as parent. */
  readonly method: 'merge' | 'squash';
}

/** @returns the new commit, to which nothing refers yet; undefined if there are conflicts. */
export async function mergeCommits(directory: string, merge: MergeOfCommits): Promise<string | undefined> {
  const { base, head, message, login, method } = merge;
  const tree = await git(directory, ['merge-tree', '--write-tree', '--no-messages', base, head]).catch(() => undefined);
  if (!tree) return undefined;
  const who = ['-c', `user.name=${login}`, '-c', `user.email=${login}@users.noreply.github.com`];
  const parents = ['-p', base, ...(method === 'merge' ? ['-p', head] : [])];
  const commit = await git(directory, [...who, 'commit-tree', tree.toString('utf8').trim(), ...parents], message);
  return commit.toString('utf8').trim();
}

/** @returns whether a commit is in the history of another one, or is it. */
export const isWithin = (directory: string, sha: string, of: string): Promise<boolean> =>
  git(directory, ['merge-base', '--is-ancestor', sha, of]).then(
    () => true,
    () => false,
  );
