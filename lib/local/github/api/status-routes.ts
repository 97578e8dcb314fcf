import * as z from 'zod';
import { nodeId } from '../access/accounts';
import { loginOf } from '../access/caller';
import type { Status } from '../deployments/statuses';
import { created, GitHubError, unprocessable } from '../http/answer';
import { apiUrlOf, time } from '../json/repository-json';
import { resolveCommit } from '../repositories/references';
import { input, param, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const MOST = 1000;
const LONGEST = 140;

const NewInput = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.url({ protocol: /^https?$/ }).nullish(),
  description: z.string().max(LONGEST, `description is too long (maximum is ${LONGEST} characters)`).nullish(),
  context: z.string().default('default'),
});

/** Commit statuses, as in GitHub's REST API. */
export function statusRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { statuses, accounts } = parts;
  const json = ({ repository }: RepositoryCall, status: Status) => ({
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    url: `${apiUrlOf(parts, repository)}/statuses/${status.sha}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: time(status.created),
    updated_at: time(status.created),
    creator: accounts.json(status.login),
  });
  return [
    {
      route: 'POST /statuses/{sha}',
      needs: [{ statuses: 'write' }],
      respond: async (call) => {
        const { state, target_url, description, context } = input(call, 'Status', NewInput);
        const repositoryId = call.repository.id;
        const sha = await commitOf(call, param(call, 'sha'));
        if (statuses.of(repositoryId, sha).filter((one) => one.context === context).length >= MOST)
          throw unprocessable('Status', `This SHA and context has reached the maximum number of statuses.`);
        const status = { repositoryId, sha, state, context, login: loginOf(call.caller) };
        const more = { targetUrl: target_url ?? null, description: description ?? null };
        return created(json(call, statuses.add({ ...status, ...more })));
      },
    },
    {
      route: 'GET /commits/{ref+}/statuses',
      needs: [{ statuses: 'read' }],
      respond: async (call) => {
        const sha = await commitOf(call, param(call, 'ref'));
        return paged(call, statuses.of(call.repository.id, sha), (status) => json(call, status));
      },
    },
  ];
}

/** @throws GitHubError 409 if there is no commit at all, 422 if not this one */
async function commitOf({ repository }: RepositoryCall, reference: string): Promise<string> {
  const sha = await resolveCommit(repository.directory, reference);
  if (sha) return sha;
  if (!(await resolveCommit(repository.directory, 'HEAD'))) throw new GitHubError(409, 'Git Repository is empty.');
  throw new GitHubError(422, `No commit found for SHA: ${reference}`);
}
