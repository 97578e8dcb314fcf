import type { Octokit } from '@octokit/core';
import { ReleaseError } from '../core/contracts/errors';
import type { Repository } from '../core/contracts/release';
import { ownerAndRepo } from './credentials';
import { isStatus } from './errors';

/** A commit and a branch that no repository has. */
const NOWHERE = '0'.repeat(40);

/**
 * GitHub does not say what a token may do, so calls find out. Those that would write name a commit that does not exist,
 * so that GitHub checks the rights and then writes nothing.
 *
 * @returns the token's rights, by permission; for comments on pull requests only whether they can be read
 */
export async function probeRights({ request }: Octokit, repository: Repository): Promise<Record<string, string>> {
  const names = ownerAndRepo(repository);
  const may = async (call: Promise<unknown>): Promise<boolean> => {
    try {
      await call;
      return true;
    } catch (error) {
      if (isStatus(error, 409, 422)) return true;
      if (isStatus(error, 404) || (error instanceof ReleaseError && error.code === 'SourceAccessDenied')) return false;
      throw error;
    }
  };
  const [contents, statuses, deployments, pulls] = await Promise.all([
    may(request('GET /repos/{owner}/{repo}/branches', { ...names, per_page: 1 })),
    may(request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...names, sha: NOWHERE, state: 'success' })),
    may(request('POST /repos/{owner}/{repo}/deployments', { ...names, ref: NOWHERE, required_contexts: [] })),
    may(request('GET /repos/{owner}/{repo}/pulls', { ...names, per_page: 1 })),
  ]);
  return {
    metadata: 'read',
    ...(contents && { contents: 'read' }),
    ...(statuses && { statuses: 'write' }),
    ...(deployments && { deployments: 'write' }),
    ...(pulls && { pull_requests: 'write' }),
  };
}
