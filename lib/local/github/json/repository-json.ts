import { type Accounts, nodeId } from '../access/accounts';
import { GITHUB_API_PATH, GITHUB_GIT_PATH } from '../http/paths';
import { fullName, type Repositories, type Repository } from '../repositories/repositories';

/** What it takes to show a repository. */
export interface RepositoryJsonParts {
  readonly accounts: Accounts;
  readonly repositories: Repositories;
  readonly endpoint: string;
}

/** @returns URL of a repository in the API. */
export const apiUrlOf = ({ endpoint }: { readonly endpoint: string }, repository: Repository): string =>
  `${endpoint}${GITHUB_API_PATH}/repos/${fullName(repository)}`;

/** @returns URL of a repository for people; git's has `.git` at its end. */
export const htmlUrlOf = ({ endpoint }: { readonly endpoint: string }, repository: Repository): string =>
  `${endpoint}${GITHUB_GIT_PATH}/${fullName(repository)}`;

/** @returns a time as the API shows it, in whole seconds. */
export const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** @returns a repository as the API shows it. */
export function repositoryJson(parts: RepositoryJsonParts, repository: Repository) {
  const url = apiUrlOf(parts, repository);
  const html = htmlUrlOf(parts, repository);
  const full = fullName(repository);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: full,
    private: repository.private,
    owner: parts.accounts.json(repository.owner),
    html_url: html,
    description: repository.description,
    fork: repository.parent !== undefined,
    url,
    branches_url: `${url}/branches{/branch}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    deployments_url: `${url}/deployments`,
    hooks_url: `${url}/hooks`,
    pulls_url: `${url}/pulls{/number}`,
    statuses_url: `${url}/statuses/{sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    created_at: time(repository.created),
    updated_at: time(repository.pushed),
    pushed_at: time(repository.pushed),
    clone_url: `${html}.git`,
    git_url: `git://${new URL(html).host}/${full}.git`,
    ssh_url: `git@${new URL(html).hostname}:${full}.git`,
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
  };
}

/** @returns a repository as a single one is shown: a fork comes with its parent. */
export function fullRepositoryJson(parts: RepositoryJsonParts, repository: Repository) {
  const parent = repository.parent === undefined ? undefined : parts.repositories.get(repository.parent);
  const related = parent && repositoryJson(parts, parent);
  return { ...repositoryJson(parts, repository), ...(related ? { parent: related, source: related } : {}) };
}
