import { git } from './git';

/** @returns the id of the object that a revision (such as `refs/heads/main^{commit}`) names, if there is one. */
export async function revParse(directory: string, revision: string): Promise<string | undefined> {
  const found = await git(directory, ['rev-parse', '--verify', '--quiet', revision]).catch(() => undefined);
  return found?.toString('utf8').trim();
}

/** @returns the id of the commit at which a branch is; undefined if there is no such branch. */
export const branchHead = (directory: string, branch: string): Promise<string | undefined> =>
  revParse(directory, `refs/heads/${branch}`);

/** @returns the branch that HEAD names, whether it exists or not. */
export async function headBranch(directory: string): Promise<string> {
  const head = (await git(directory, ['symbolic-ref', 'HEAD'])).toString('utf8').trim();
  return head.replace(/^refs\/heads\//, '');
}
