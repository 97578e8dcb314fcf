import * as z from 'zod';
import { authenticate } from '../access/access';
import { loginOf } from '../access/caller';
import { Answer, created, noContent, notFound } from '../http/answer';
import { same } from '../http/paths';
import { fullRepositoryJson } from '../json/repository-json';
import { forkRepository } from '../repositories/fork';
import { input, param, type RepositoryRoute, type Route } from './call';
import type { GitHubParts } from './parts';

const ADMINISTER = [{ administration: 'write' }] as const;

const NewInput = z.object({
  name: z.string().min(1),
  private: z.boolean().default(false),
  description: z.string().nullish(),
});
const ChangeInput = z.object({
  name: z.string().min(1).optional(),
  private: z.boolean().optional(),
  visibility: z.enum(['public', 'private']).optional(),
  archived: z.boolean().optional(),
  description: z.string().nullish(),
  default_branch: z.string().optional(),
});
const ForkInput = z.object({ organization: z.string().optional(), name: z.string().optional() });

/** Creating a repository of an organization, as in GitHub's REST API. */
export function newRepositoryRoute(parts: GitHubParts): Route {
  return {
    route: 'POST /orgs/{org}/repos',
    needs: ADMINISTER,
    respond: async (call) => {
      const owner = parts.accounts.get(param(call, 'org'), 'Organization').login;
      const { name, description, ...more } = input(call, 'Repository', NewInput);
      const made = await parts.repositories.create(owner, name, { ...more, description: description ?? null });
      return created(fullRepositoryJson(parts, made));
    },
  };
}

/** A repository itself, as in GitHub's REST API. */
export function repositoryRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { repositories } = parts;
  return [
    {
      route: 'GET ',
      needs: [{ metadata: 'read' }],
      respond: ({ repository }) => fullRepositoryJson(parts, repository),
    },
    {
      route: 'PATCH ',
      needs: ADMINISTER,
      respond: async (call) => {
        const { visibility, default_branch, ...change } = input(call, 'Repository', ChangeInput);
        const changed = await repositories.change(call.repository.id, {
          ...change,
          description: change.description === undefined ? call.repository.description : change.description,
          ...(visibility ? { private: visibility === 'private' } : {}),
          ...(default_branch ? { defaultBranch: default_branch } : {}),
        });
        return fullRepositoryJson(parts, changed);
      },
    },
    {
      route: 'DELETE ',
      needs: ADMINISTER,
      respond: async ({ repository }) => {
        await repositories.delete(repository);
        return noContent();
      },
    },
    {
      route: 'POST /forks',
      needs: [{ contents: 'read' }],
      respond: async (call) => {
        if (call.caller.kind === 'anonymous') throw authenticate();
        const { organization, name } = input(call, 'Repository', ForkInput);
        const owner = organization ?? loginOf(call.caller);
        if (same(owner, call.repository.owner) && !name) throw notFound();
        const known = repositories.find(owner, name ?? call.repository.name);
        const fork = known?.parent === call.repository.id ? known : undefined;
        return new Answer(
          202,
          fullRepositoryJson(parts, fork ?? (await forkRepository(repositories, call.repository, { owner, name }))),
        );
      },
    },
  ];
}
