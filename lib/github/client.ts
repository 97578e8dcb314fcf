import type { Octokit } from '@octokit/core';
import type { GitHubAccess, GitHubSecret } from '../core/contracts/github-secret';
import type { Repository } from '../core/contracts/release';
import type { AppCredentials } from './app-credentials';
import type { Credentials, Right, Token } from './credentials';
import { isStatus, translate } from './errors';
import { type CallOptions, octokit } from './octokit';

/**
 * Reads the platform's access to GitHub.
 * @param fresh whether to read it again instead of answering what was read before
 * @throws ReleaseError `SecretMissing`
 */
export type ReadGitHubSecret = (fresh?: boolean) => Promise<GitHubSecret>;

/** Whatever speaks to GitHub does so through these. */
export interface GitHubClients {
  readonly access: GitHubAccess;
  /**
   * @param right what the calls are made for; the token can do no more
   * @returns a client for calls about one repository: name it in the routes with `ownerAndRepo`. Its errors are
   *   ReleaseErrors (`SourceAccessDenied`, `SourceUnavailable`, `SecretMissing`), except for 404, 409 and 422: see
   *   `isStatus`.
   */
  client(repository: Repository, right: Right): Octokit;
  /** @returns a token of its own, new if `fresh`. */
  token(repository: Repository, right: Right, fresh?: boolean): Promise<Token>;
  /** @returns as whom calls are made, for messages; with `request` for calls about the App if there is one. */
  credentials(fresh?: boolean): Promise<Credentials | AppCredentials>;
}

/** GitHub may not know a token right after it has made it. */
const REPLICATION_SECONDS = 1;

/** @param calls only for tests */
export function gitHubClients(
  access: GitHubAccess,
  readSecret: ReadGitHubSecret,
  calls: Omit<CallOptions, 'apiUrl'> = {},
): GitHubClients {
  const options = { ...calls, apiUrl: access.apiUrl };
  const clients = new Map<string, Octokit>();
  let current: { readonly secret: GitHubSecret; readonly credentials: Promise<Credentials> } | undefined;

  async function credentials(fresh = false): Promise<Credentials> {
    const secret = await readSecret(fresh);
    if (current?.secret !== secret) current = { secret, credentials: make(secret) };
    return current.credentials;
  }

  async function make({ app, token = '' }: GitHubSecret): Promise<Credentials> {
    if (!app) return { as: 'the token', token: async () => ({ token }) };
    const { appCredentials } = await import('./app-credentials');
    return appCredentials(octokit(options), { ...app, secret: access.secret });
  }

  function made(repository: Repository, right: Right): Octokit {
    const client = octokit(options);
    client.hook.wrap('request', async (request, parameters) => {
      const send = async (fresh: boolean) => {
        const { token } = await (await credentials(fresh)).token(repository, right, fresh);
        parameters.headers.authorization = `token ${token}`;
        return request(parameters);
      };
      try {
        return await send(false).catch(async (error: unknown) => {
          // The token may have been revoked or replaced in the secret, or may be too new for all of GitHub to know it.
          if (!isStatus(error, 401)) throw error;
          await new Promise((resolve) => setTimeout(resolve, REPLICATION_SECONDS * (calls.second ?? 1000)));
          return send(true);
        });
      } catch (error) {
        throw translate(error, { repository, as: (await credentials()).as, secret: access.secret });
      }
    });
    return client;
  }

  return {
    access,
    credentials,
    token: async (repository, right, fresh) => (await credentials()).token(repository, right, fresh),
    client(repository, right) {
      const key = `${repository.name} ${right}`;
      const known = clients.get(key) ?? made(repository, right);
      clients.set(key, known);
      return known;
    },
  };
}
