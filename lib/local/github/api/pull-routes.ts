import * as z from 'zod';
import { loginOf } from '../access/caller';
import { created, notFound, validationFailed } from '../http/answer';
import { same } from '../http/paths';
import { fullPullJson, pullJson } from '../json/pull-json';
import type { Pull } from '../pulls/pulls';
import { branchHead } from '../repositories/references';
import { fullName, type Repository } from '../repositories/repositories';
import { id, input, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ pull_requests: 'read' }] as const;
const WRITE = [{ pull_requests: 'write' }] as const;

const NewPullInput = z.object({
  title: z.string().min(1),
  head: z.string().min(1),
  head_repo: z.string().optional(),
  base: z.string().min(1),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
});
const ChangeInput = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});
/** Pull requests, as in GitHub's REST API. */
export function pullRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { pulls } = parts;
  const find = (call: RepositoryCall) => pulls.pulls.get(call.repository.id, id(call, 'number'));
  return [
    {
      route: 'POST /pulls',
      needs: WRITE,
      respond: async (call) => {
        const { head, base, title, body, draft, head_repo } = input(call, 'PullRequest', NewPullInput);
        const from = headOf(parts, call.repository, head, head_repo);
        const wanted = { title, body: body ?? null, draft, base, head: from };
        return created(fullPullJson(parts, await pulls.open(call.repository, wanted, loginOf(call.caller))));
      },
    },
    {
      route: 'GET /pulls',
      needs: READ,
      respond: (call) => paged(call, listed(parts, call), (pull) => pullJson(parts, pull)),
    },
    {
      route: 'GET /pulls/{number}',
      needs: READ,
      respond: (call) => {
        const pull = shown(parts, find(call));
        if (!pull) throw notFound();
        return fullPullJson(parts, pull);
      },
    },
    {
      route: 'PATCH /pulls/{number}',
      needs: WRITE,
      respond: async (call) => {
        const { state, title, body, base } = input(call, 'PullRequest', ChangeInput);
        const login = loginOf(call.caller);
        let pull = find(call);
        if (title !== undefined || body !== undefined || base !== undefined) {
          const to = base === undefined ? pull.base : { ...pull.base, ...(await baseOf(call.repository, base)) };
          const change = { title: title ?? pull.title, body: body === undefined ? pull.body : body, base: to };
          pull = pulls.edit(pull, change, login);
        }
        if (state === 'closed') pull = pulls.close(pull, login);
        if (state === 'open') pull = await pulls.reopen(pull, login);
        return fullPullJson(parts, pull);
      },
    },
  ];
}

/** Finds the head: `branch`, `owner:branch` of a fork, or a branch of the repository `head_repo`. */
function headOf(parts: GitHubParts, repository: Repository, head: string, headRepo: string | undefined) {
  const [, owner = repository.owner, branch = ''] = /^(?:([^:]+):)?(.+)$/.exec(head) ?? [];
  const related = (one: Repository) => one.id === repository.id || one.parent === repository.id;
  const found = parts.repositories
    .list()
    .find(
      (one) => related(one) && same(one.owner, owner) && (!headRepo || [one.name, fullName(one)].includes(headRepo)),
    );
  if (!found) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return { repository: found, branch };
}

async function baseOf({ directory }: Repository, branch: string) {
  const sha = await branchHead(directory, branch);
  if (!sha) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  return { branch, sha };
}

/** @returns a pull request as the API shows it; undefined if it does not show it yet */
const shown = ({ lag }: GitHubParts, pull: Pull): Pull | undefined => lag.shown(`pull ${pull.id}`, pull);

/** The pull requests that the query asks for, by state and branches, in the order that it asks for. */
function listed(parts: GitHubParts, { repository, query }: RepositoryCall): readonly Pull[] {
  const { pulls, repositories } = parts;
  const state = query.get('state') ?? 'open';
  const [owner, head] = (query.get('head') ?? '').split(':');
  const base = query.get('base');
  const all = pulls.pulls.of(repository.id).flatMap((pull) => shown(parts, pull) ?? []);
  const found = all.filter((pull) => {
    if (state !== 'all' && (pull.closed === null ? 'open' : 'closed') !== state) return false;
    if (base && pull.base.branch !== base) return false;
    return !head || (pull.head.branch === head && repositories.get(pull.head.repositoryId)?.owner === owner);
  });
  const sort = query.get('sort') === 'updated' ? 'updated' : 'created';
  const sorted = [...found].sort((a, b) => b[sort] - a[sort] || b.number - a.number);
  return (query.get('direction') ?? 'desc') === 'asc' ? sorted.reverse() : sorted;
}
