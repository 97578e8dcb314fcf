import { nodeId } from '../access/accounts';
import type { Environment } from '../deployments/deployments';
import { noContent, notFound } from '../http/answer';
import { apiUrlOf, htmlUrlOf, time } from '../json/repository-json';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

/** Environments, as in GitHub's REST API. */
export function environmentRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { deployments } = parts;
  const json = ({ repository }: RepositoryCall, { id, name, created }: Environment) => ({
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${apiUrlOf(parts, repository)}/environments/${encodeURIComponent(name)}`,
    html_url: `${htmlUrlOf(parts, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: time(created),
    updated_at: time(created),
    protection_rules: [],
    deployment_branch_policy: null,
  });
  const find = (call: RepositoryCall) => {
    const environment = deployments.environment(call.repository.id, param(call, 'name'));
    if (!environment) throw notFound();
    return environment;
  };
  return [
    {
      route: 'GET /environments',
      needs: [{ actions: 'read' }],
      respond: (call) => {
        const all = deployments.environments(call.repository.id);
        const wrap = (environments: readonly unknown[]) => ({ total_count: all.length, environments });
        return paged(call, all, (environment) => json(call, environment), wrap);
      },
    },
    {
      route: 'GET /environments/{name}',
      needs: [{ actions: 'read' }],
      respond: (call) => json(call, find(call)),
    },
    {
      route: 'DELETE /environments/{name}',
      needs: [{ administration: 'write' }],
      respond: (call) => {
        deployments.deleteEnvironment(find(call));
        return noContent();
      },
    },
  ];
}
