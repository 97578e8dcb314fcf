import { GitHubError, notFound } from '../http/answer';
import { same } from '../http/paths';
import { fullName, type Repository } from '../repositories/repositories';
import type { Installation } from './apps';
import type { Caller } from './caller';
import { describeNeeds, hasPermissions, type Needs, type Permissions } from './permissions';

/** What everybody may do with a public repository, given a token that may do it at all. */
const FOR_EVERYBODY: Permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'read',
  deployments: 'read',
  actions: 'read',
};

/** @returns whether a caller's token was issued for a repository. */
export function reaches(caller: Caller, repository: Repository): boolean {
  if (caller.kind === 'user') return isNamed(caller.repositories, repository);
  if (caller.kind !== 'installation') return false;
  const { installation, repositoryIds } = caller;
  return covers(installation, repository) && (repositoryIds?.includes(repository.id) ?? true);
}

/** @returns whether an app is installed in a repository. */
export const covers = ({ account, repositories }: Installation, repository: Repository): boolean =>
  same(account, repository.owner) && isNamed(repositories, repository);

/** A token keeps its access to a repository that is renamed. */
const isNamed = (names: readonly string[] | undefined, repository: Repository): boolean =>
  names === undefined ||
  [fullName(repository), ...repository.formerly].some((own) => names.some((name) => same(name, own)));

/**
 * Refuses what a caller may not do, as GitHub does: a private repository that the caller does not reach is "not found".
 * @throws GitHubError 401, 403 or 404
 */
export function authorize(caller: Caller, repository: Repository, needs: Needs = []): void {
  const reached = reaches(caller, repository);
  if (!reached && repository.private) throw notFound();
  if (!reached && !allows(FOR_EVERYBODY, needs)) throw caller.kind === 'anonymous' ? authenticate() : notFound();
  if (caller.kind === 'anonymous' && needs.some((set) => Object.values(set).includes('write'))) throw authenticate();
  requireRights(caller, needs);
  if (repository.archived && needs.length > 0 && needs.every(writes)) throw readOnly();
}

/** An archived repository can only be read, unarchived or deleted. */
const writes = (set: Permissions): boolean => Object.values(set).includes('write') && !set.administration;

const readOnly = () => new GitHubError(403, 'Repository was archived so is read-only.');

/** Refuses a token that has none of the sets of rights. @throws GitHubError 403 */
export function requireRights(caller: Caller, needs: Needs): void {
  if (caller.kind === 'anonymous' || (caller.kind === 'user' && !caller.permissions)) return;
  const granted = caller.kind === 'app' ? {} : (caller.permissions ?? {});
  if (allows(granted, needs)) return;
  const by = caller.kind === 'user' ? 'personal access token' : 'integration';
  const headers = { 'x-accepted-github-permissions': describeNeeds(needs) };
  throw new GitHubError(403, `Resource not accessible by ${by}`, { headers });
}

const allows = (granted: Permissions, needs: Needs): boolean =>
  needs.length === 0 || needs.some((set) => hasPermissions(granted, set));

/** The error for a call without a token. */
export const authenticate = () => new GitHubError(401, 'Requires authentication');
