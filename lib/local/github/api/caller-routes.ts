import * as z from 'zod';
import { authenticate, covers } from '../access/access';
import type { App, Installation } from '../access/apps';
import { hasPermissions } from '../access/permissions';
import { created, GitHubError, notFound } from '../http/answer';
import { same } from '../http/paths';
import { configJson } from '../json/hook-json';
import { repositoryJson, time } from '../json/repository-json';
import type { Hook } from '../webhooks/hooks';
import { type Call, id, input, param, type RepositoryRoute, type Route } from './call';
import { deliveriesRoute } from './deliveries-route';
import type { GitHubParts } from './parts';

const TokenInput = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

/** What callers ask about themselves, as in GitHub's REST API: people with a token, apps with a JSON web token. */
export function callerRoutes(parts: GitHubParts): readonly Route[] {
  const { apps, hooks, accounts } = parts;
  const hookOf = (call: Call): Hook => {
    const [hook] = hooks.of({ kind: 'integration', id: appOf(call).id });
    if (!hook) throw notFound();
    return hook;
  };
  return [
    {
      route: 'GET /user',
      respond: ({ caller }) => {
        if (caller.kind === 'anonymous') throw authenticate();
        if (caller.kind !== 'user') throw new GitHubError(403, 'Resource not accessible by integration');
        return accounts.json(caller.login);
      },
    },
    {
      route: 'GET /app',
      respond: (call) => {
        const { id: appId, slug, owner, permissions, events } = appOf(call);
        const known = { id: appId, slug, name: slug, owner: accounts.json(owner), permissions, events };
        return { ...known, client_id: `Iv1.${appId}`, installations_count: apps.installations(appId).length };
      },
    },
    {
      route: 'GET /users/{account}/installation',
      respond: (call) => {
        const mine = apps.installations(appOf(call).id);
        const found = mine.find(({ account }) => same(account, param(call, 'account')));
        if (!found) throw notFound();
        return installationJson(parts, found);
      },
    },
    {
      route: 'POST /app/installations/{id}/access_tokens',
      respond: (call) => {
        const installation = apps.installation(id(call, 'id'));
        if (installation?.appId !== appOf(call).id) throw notFound();
        return created(issueToken(parts, call, installation));
      },
    },
    { route: 'GET /app/hook/config', respond: (call) => configJson(hookOf(call).config) },
    deliveriesRoute<Call>(parts, { path: '/app/hook', needs: [], hookOf }),
  ];
}

/** Which installation of the calling app has a repository. */
export function repositoryInstallationRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  return [
    {
      route: 'GET /installation',
      by: 'app',
      respond: (call) => {
        const found = parts.apps.installations(appOf(call).id).find((one) => covers(one, call.repository));
        if (!found) throw notFound();
        return installationJson(parts, found);
      },
    },
  ];
}

/** @throws GitHubError 401 if the caller is not an app */
function appOf({ caller }: Call): App {
  if (caller.kind !== 'app') throw new GitHubError(401, 'A JSON web token could not be decoded');
  return caller.app;
}

function installationJson({ apps, accounts }: GitHubParts, installation: Installation) {
  const app = apps.app(installation.appId);
  return {
    id: installation.id,
    account: accounts.json(installation.account),
    app_id: installation.appId,
    app_slug: app?.slug,
    target_type: accounts.get(installation.account).type,
    permissions: installation.permissions,
    events: app?.events ?? [],
    repository_selection: installation.repositories ? 'selected' : 'all',
    suspended_at: installation.suspended ? time(0) : null,
    suspended_by: null,
  };
}

/** @throws GitHubError 403 if the installation is suspended, 422 if it lacks what is asked for */
function issueToken(parts: GitHubParts, call: Call, installation: Installation) {
  if (installation.suspended) throw new GitHubError(403, 'This installation has been suspended');
  const { repositories, repository_ids, permissions } = input(call, 'Installation', TokenInput);
  const reached = parts.repositories.list().filter((repository) => covers(installation, repository));
  const wanted = reached.filter(({ id, name }) => repositories?.includes(name) || repository_ids?.includes(id));
  if (wanted.length < (repositories?.length ?? 0) + (repository_ids?.length ?? 0))
    throw new GitHubError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  if (permissions && !hasPermissions(installation.permissions, permissions))
    throw new GitHubError(422, 'The permissions requested are not granted to this installation.');
  const selected = repositories !== undefined || repository_ids !== undefined;
  const granted = permissions ?? installation.permissions;
  const { token, expires } = parts.tokens.issue({
    kind: 'installation',
    app: appOf(call),
    installation,
    permissions: granted,
    ...(selected ? { repositoryIds: wanted.map((repository) => repository.id) } : {}),
  });
  return {
    token,
    expires_at: time(expires.getTime()),
    permissions: { metadata: 'read', ...granted },
    repository_selection: selected || installation.repositories ? 'selected' : 'all',
    ...(selected ? { repositories: wanted.map((repository) => repositoryJson(parts, repository)) } : {}),
  };
}
