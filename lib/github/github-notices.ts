import { ReleaseError } from '../core/contracts/errors';
import type { Repository } from '../core/contracts/release';
import { parseJson } from '../core/text/parse-json';
import type { RepositoryNotices } from '../ports/repository-notices';
import type { GitHubClients } from './client';
import { ownerAndRepo } from './credentials';
import { isStatus } from './errors';

/** Entries of a list; GitHub gives no more at once. */
const PAGE = 100;
/** Nobody looks for a comment that is further back. */
const MOST_PAGES = 10;
/** One after the other would take a second each; all at once are more than GitHub likes. */
const AT_ONCE = 5;

/** The port RepositoryNotices over GitHub's REST API. */
export function gitHubNotices(clients: Pick<GitHubClients, 'client'>): RepositoryNotices {
  const of = (repository: Repository) => ({
    request: clients.client(repository, 'report').request,
    at: ownerAndRepo(repository),
  });

  return {
    async setCommitStatus(repository, { commit, context, state, description, url }) {
      const { request, at } = of(repository);
      const status = { sha: commit, context, state, description, target_url: url };
      await said(repository, commit, () => request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, ...status }));
    },

    async createDeployment(repository, { commit, environment, release, description, isTransient, isProduction }) {
      const { request, at } = of(repository);
      const { data } = await said(repository, commit, () =>
        request('POST /repos/{owner}/{repo}/deployments', {
          ...at,
          ref: commit,
          environment,
          description,
          payload: { release },
          transient_environment: isTransient,
          production_environment: isProduction,
          // What is deployed has been decided: GitHub must not merge or wait for anything.
          auto_merge: false,
          required_contexts: [],
        }),
      );
      if ('id' in data) return data.id;
      throw new Error(`GitHub made no deployment of ${commit} in "${repository.name}": ${data.message}`);
    },

    async findDeployment(repository, { commit, environment, release }) {
      const { request, at } = of(repository);
      const wanted = { sha: commit, environment, per_page: PAGE };
      const { data } = await request('GET /repos/{owner}/{repo}/deployments', { ...at, ...wanted });
      return data.find(({ payload }) => releaseOf(payload) === release)?.id;
    },

    async setDeploymentStatus(repository, id, { state, description, environmentUrl, logUrl }) {
      const { request, at } = of(repository);
      const urls = { environment_url: environmentUrl, log_url: logUrl };
      await request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
        ...at,
        deployment_id: id,
        state,
        description,
        ...urls,
      });
    },

    async endEnvironment(repository, environment) {
      const { request, at } = of(repository);
      const { data } = await request('GET /repos/{owner}/{repo}/deployments', { ...at, environment, per_page: PAGE });
      for (let from = 0; from < data.length; from += AT_ONCE) {
        await Promise.all(
          data.slice(from, from + AT_ONCE).map(({ id }) =>
            request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
              ...at,
              deployment_id: id,
              state: 'inactive',
              description: 'the stage is removed',
            }),
          ),
        );
      }
    },

    async changeComment(repository, id, body) {
      const { request, at } = of(repository);
      try {
        await request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id: id, body });
        return true;
      } catch (error) {
        if (isStatus(error, 404)) return false;
        throw error;
      }
    },

    async findComment(repository, pullRequest, marker) {
      const { request, at } = of(repository);
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const list = { issue_number: pullRequest, per_page: PAGE, page };
        const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, ...list });
        const found = data.find(({ body }) => body?.startsWith(marker));
        if (found) return found.id;
        if (data.length < PAGE) return undefined;
      }
      return undefined;
    },

    async addComment(repository, pullRequest, body) {
      const { request, at } = of(repository);
      const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...at,
        issue_number: pullRequest,
        body,
      });
      return data.id;
    },
  };
}

/** A force push may have taken the commit away. */
async function said<T>(repository: Repository, commit: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isStatus(error, 422)) throw error;
    const where = `commit ${commit} of "${repository.name}"`;
    const message = `GitHub accepts no status or deployment for ${where} (${error.message})`;
    throw new ReleaseError('CommitNotFound', message, { cause: error });
  }
}

/** @returns the release that a deployment was made of. GitHub gives the payload as it was, or as its JSON. */
function releaseOf(payload: unknown): unknown {
  const value = typeof payload === 'string' ? parseJson(payload) : payload;
  return typeof value === 'object' && value !== null && 'release' in value ? value.release : undefined;
}
