import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { ReleaseError } from '../core/contracts/errors';
import type { Repository } from '../core/contracts/release';
import { type Credentials, ownerAndRepo, type Permissions, RIGHTS } from './credentials';
import { isStatus, translate } from './errors';

export interface AppAccess {
  readonly id: string;
  readonly privateKey: string;
  /** Name of the secret that holds them, for messages. */
  readonly secret: string;
}

/** An App where it is installed, and what it may do there. */
interface Installation {
  readonly id: number;
  readonly permissions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly readAt: number;
}

export interface AppCredentials extends Credentials {
  /** Makes calls that an App may make about itself; errors are translated. */
  readonly request: Octokit['request'];
}

/** Permissions may be accepted at any time. */
const KEEP_INSTALLATION_MS = 10 * 60_000;

/** The credentials of a GitHub App: tokens that last an hour, for one repository and for what a call needs. */
export function appCredentials(client: Octokit, { id, privateKey, secret }: AppAccess): AppCredentials {
  const as = `GitHub App ${id}`;
  const installations = new Map<string, Installation>();
  const asking = new Map<string, Promise<Installation>>();
  /** Ids of repositories that are no longer called what seedbed.yml calls them. */
  const renamed = new Map<string, number>();
  client.hook.wrap('request', async (request, options) => {
    try {
      return await request(options);
    } catch (error) {
      throw translate(error, { as, secret });
    }
  });
  const auth = createAppAuth({ appId: id, privateKey, request: client.request });
  const sign = async (): Promise<string> => {
    try {
      return `bearer ${(await auth({ type: 'app' })).token}`;
    } catch (cause) {
      if (cause instanceof RequestError || cause instanceof ReleaseError) throw cause;
      // Not the cause's message, which might quote the key.
      throw new ReleaseError(
        'SecretMissing',
        `"app.privateKey" in secret "${secret}" is not a usable private key; store the whole PEM file that GitHub made`,
      );
    }
  };
  client.hook.before('request', async (options) => {
    options.headers.authorization ??= await sign();
  });

  async function installationOf(repository: Repository): Promise<Installation> {
    const { owner } = ownerAndRepo(repository);
    const known = installations.get(owner.toLowerCase()) ?? installations.get(repository.name);
    if (known && Date.now() - known.readAt < KEEP_INSTALLATION_MS) return known;
    // A worker's first calls are made at once, and all of them need it.
    const asked = asking.get(repository.name) ?? findInstallation(repository);
    asking.set(repository.name, asked);
    return asked.finally(() => asking.delete(repository.name));
  }

  async function findInstallation(repository: Repository): Promise<Installation> {
    const { owner, repo } = ownerAndRepo(repository);
    try {
      const { data } = await client.request('GET /repos/{owner}/{repo}/installation', { owner, repo });
      const found = { id: data.id, permissions: data.permissions, readAt: Date.now() };
      // A repository that was moved is found at its new owner; the old owner's other repositories are not there.
      const login = data.account && 'login' in data.account ? data.account.login : undefined;
      installations.set(login?.toLowerCase() === owner.toLowerCase() ? owner.toLowerCase() : repository.name, found);
      return found;
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      throw await notInstalled(repository);
    }
  }

  /** GitHub gives the same answer for a repository that does not exist and for one that the App cannot see. */
  async function notInstalled(repository: Repository): Promise<ReleaseError> {
    const { owner } = ownerAndRepo(repository);
    const atOwner = await client
      .request('GET /users/{username}/installation', { username: owner })
      .catch((error: unknown) => {
        if (isStatus(error, 404)) return undefined;
        throw error;
      });
    if (atOwner) return notAmongIts(repository);
    return new ReleaseError(
      'SourceAccessDenied',
      `${as} is not installed for "${owner}", or was uninstalled there; install it (the App's page on GitHub, ` +
        `"Install") and choose repository "${repository.name}"`,
    );
  }

  const notAmongIts = ({ name }: Repository): ReleaseError =>
    new ReleaseError(
      'RepositoryNotFound',
      `${as} cannot see repository "${name}": it was deleted or moved, or is not among the repositories of the App's ` +
        'installation; add it there, or correct "repository" of the app in seedbed.yml',
    );

  /** @returns the id of a repository, even if it is given by a former name */
  async function idOf(repository: Repository, installationId: number): Promise<number> {
    const { token } = await auth({ type: 'installation', installationId, permissions: { metadata: 'read' } });
    try {
      const { data } = await client.request('GET /repos/{owner}/{repo}', {
        ...ownerAndRepo(repository),
        headers: { authorization: `token ${token}` },
      });
      return data.id;
    } catch (error) {
      throw isStatus(error, 404) ? notAmongIts(repository) : error;
    }
  }

  return {
    as,
    request: client.request,
    async token(repository, right, fresh = false) {
      await sign(); // says what is wrong with the key, if anything is
      const installation = await installationOf(repository);
      const permissions = granted(RIGHTS[right], installation.permissions);
      const mint = async (only: { repositoryIds?: number[]; repositoryNames?: string[] }) => {
        const input = { installationId: installation.id, permissions, refresh: fresh, ...only };
        const { token, expiresAt } = await auth({ type: 'installation', ...input });
        return { token, until: expiresAt };
      };
      const known = renamed.get(repository.name);
      if (known !== undefined) return mint({ repositoryIds: [known] });
      try {
        return await mint({ repositoryNames: [ownerAndRepo(repository).repo] });
      } catch (error) {
        if (isStatus(error, 404)) {
          installations.clear();
          throw await notInstalled(repository);
        }
        if (!isStatus(error, 422)) throw error;
      }
      const id = await idOf(repository, installation.id);
      renamed.set(repository.name, id);
      return mint({ repositoryIds: [id] });
    },
  };
}

/**
 * GitHub refuses to make a token with a right that the App does not have, even if nobody needs that right. So it is
 * left out here, and the call that needs it says that it is missing. A token asked for without any right would have
 * all.
 */
function granted(wanted: Permissions, has: Readonly<Record<string, string>>): Permissions {
  const possible = Object.entries(wanted).filter(([name, right]) => has[name] === right || has[name] === 'write');
  return { metadata: 'read', ...Object.fromEntries(possible) };
}
