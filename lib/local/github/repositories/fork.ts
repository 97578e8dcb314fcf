import { git } from '../../git/git';
import type { Repositories, Repository } from './repositories';

/** @returns a new repository, a fork of `parent` with its branches and tags. */
export async function forkRepository(
  repositories: Repositories,
  parent: Repository,
  { owner, name = parent.name }: { readonly owner: string; readonly name?: string },
): Promise<Repository> {
  const { id, description, defaultBranch } = parent;
  const fork = await repositories.create(owner, name, {
    private: parent.private,
    description,
    defaultBranch,
    parent: id,
  });
  const everything = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await git(fork.directory, ['fetch', '--quiet', '--no-write-fetch-head', parent.directory, ...everything]);
  return fork;
}
