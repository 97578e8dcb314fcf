import * as z from 'zod';
import { nodeId } from '../access/accounts';
import { loginOf } from '../access/caller';
import { DEPLOYMENT_STATES, type Deployment, type DeploymentStatus } from '../deployments/deployments';
import { created, GitHubError, notFound } from '../http/answer';
import { apiUrlOf, time } from '../json/repository-json';
import { isWithin } from '../repositories/commits';
import { branchHead, resolveCommit } from '../repositories/references';
import { id, input, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ deployments: 'read' }] as const;
const WRITE = [{ deployments: 'write' }] as const;
const LONGEST = 140;

const NewInput = z.object({
  ref: z.string().min(1),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.unknown().optional(),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
const StatusInput = z.object({
  state: z.enum(DEPLOYMENT_STATES),
  description: z.string().max(LONGEST, `description is too long (maximum is ${LONGEST} characters)`).default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  log_url: z.string().default(''),
  target_url: z.string().optional(),
  auto_inactive: z.boolean().default(true),
});

/** Deployments and their statuses, as in GitHub's REST API. */
export function deploymentRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { deployments } = parts;
  const find = (call: RepositoryCall) => {
    const deployment = deployments.get(call.repository.id, id(call, 'id'));
    if (!deployment) throw notFound();
    return deployment;
  };
  return [
    {
      route: 'POST /deployments',
      needs: WRITE,
      respond: async (call) => {
        const wanted = input(call, 'Deployment', NewInput);
        const sha = await resolveCommit(call.repository.directory, wanted.ref);
        if (!sha) throw new GitHubError(422, `No ref found for: ${wanted.ref}`);
        if (wanted.auto_merge) await refuseIfBehind(call, sha, wanted.ref);
        refuseIfNotSuccessful(parts, call, { sha, ...wanted });
        const deployment = deployments.add({
          repositoryId: call.repository.id,
          sha,
          ref: wanted.ref,
          task: wanted.task,
          payload: wanted.payload ?? {},
          environment: wanted.environment,
          description: wanted.description ?? null,
          transient: wanted.transient_environment,
          production: wanted.production_environment ?? wanted.environment === 'production',
          login: loginOf(call.caller),
        });
        return created(deploymentJson(parts, call, deployment));
      },
    },
    {
      route: 'GET /deployments',
      needs: READ,
      respond: (call) => {
        const wanted = (key: 'sha' | 'ref' | 'task' | 'environment') => (one: Deployment) =>
          !call.query.get(key) || one[key] === call.query.get(key);
        const keys = (['sha', 'ref', 'task', 'environment'] as const).map(wanted);
        const found = deployments.of(call.repository.id).filter((one) => keys.every((isWanted) => isWanted(one)));
        return paged(call, found, (deployment) => deploymentJson(parts, call, deployment));
      },
    },
    {
      route: 'POST /deployments/{id}/statuses',
      needs: WRITE,
      respond: (call) => {
        const deployment = find(call);
        const wanted = input(call, 'DeploymentStatus', StatusInput);
        const status = {
          state: wanted.state,
          description: wanted.description,
          environment: wanted.environment ?? deployment.environment,
          environmentUrl: wanted.environment_url,
          logUrl: wanted.log_url || (wanted.target_url ?? ''),
          login: loginOf(call.caller),
        };
        const added = deployments.addStatus(deployment, status, wanted.auto_inactive ? 'inactivate' : 'leave');
        return created(statusJson(parts, call, added));
      },
    },
    {
      route: 'GET /deployments/{id}/statuses',
      needs: READ,
      respond: (call) => paged(call, deployments.statuses(find(call)), (status) => statusJson(parts, call, status)),
    },
  ];
}

/** GitHub would merge the default branch into the deployed one. The double does not, and refuses. */
async function refuseIfBehind({ repository }: RepositoryCall, sha: string, ref: string): Promise<void> {
  const { directory, defaultBranch } = repository;
  const [branch, main] = await Promise.all([branchHead(directory, ref), branchHead(directory, defaultBranch)]);
  if (branch && main && !(await isWithin(directory, main, sha)))
    throw new GitHubError(409, `Conflict merging ${defaultBranch} into ${ref}.`);
}

/** All contexts of the commit must be successful, or only the required ones if they are named. */
function refuseIfNotSuccessful(
  { statuses }: GitHubParts,
  { repository }: RepositoryCall,
  { sha, ref, required_contexts }: { sha: string; ref: string; required_contexts?: readonly string[] },
): void {
  const latest = statuses.latest(repository.id, sha);
  const required = required_contexts ?? latest.map(({ context }) => context);
  const isSuccessful = (context: string) => latest.find((one) => one.context === context)?.state === 'success';
  if (!required.every(isSuccessful)) throw new GitHubError(409, `Conflict: Commit status checks failed for ${ref}.`);
}

function deploymentJson(parts: GitHubParts, { repository }: RepositoryCall, deployment: Deployment) {
  const api = apiUrlOf(parts, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: parts.accounts.json(deployment.login),
    created_at: time(deployment.created),
    updated_at: time(deployment.updated),
    statuses_url: `${url}/statuses`,
    repository_url: api,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

function statusJson(parts: GitHubParts, { repository }: RepositoryCall, status: DeploymentStatus) {
  const api = apiUrlOf(parts, repository);
  const deployment = `${api}/deployments/${status.deploymentId}`;
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: parts.accounts.json(status.login),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: time(status.created),
    updated_at: time(status.created),
    deployment_url: deployment,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
  };
}
