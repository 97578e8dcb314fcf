import { GitHubError } from '../http/answer';
import { commitJson } from '../json/commit-json';
import { apiUrlOf, htmlUrlOf } from '../json/repository-json';
import { readCommit } from '../repositories/commits';
import { branchHead, listReferences, type Reference } from '../repositories/references';
import { param, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ contents: 'read' }] as const;

/** Branches, as in GitHub's REST API. */
export function branchRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const urlOf = (call: RepositoryCall, branch: string) => `${apiUrlOf(parts, call.repository)}/branches/${branch}`;
  return [
    {
      route: 'GET /branches',
      needs: READ,
      respond: async (call) => {
        const all = await listReferences(call.repository.directory, 'refs/heads/');
        const branches = parts.lag.references(call.repository.id, all);
        const json = ({ name, sha }: Reference) => {
          const branch = name.replace('refs/heads/', '');
          const url = `${apiUrlOf(parts, call.repository)}/commits/${sha}`;
          const isProtected = parts.branchRules.isProtected(call.repository, branch);
          return { name: branch, commit: { sha, url }, protected: isProtected };
        };
        return paged(call, branches, json);
      },
    },
    {
      route: 'GET /branches/{branch+}',
      needs: READ,
      respond: async (call) => {
        const { repository } = call;
        const branch = param(call, 'branch');
        const commit = await readCommit(repository.directory, await headOf(parts, call));
        const url = urlOf(call, branch);
        const isProtected = parts.branchRules.isProtected(repository, branch);
        return {
          name: branch,
          commit: commitJson(parts, repository, commit),
          _links: { self: url, html: `${htmlUrlOf(parts, repository)}/tree/${branch}` },
          protected: isProtected,
          protection: {
            enabled: parts.branchRules.protection(repository, branch) !== undefined,
            required_status_checks: requiredChecks(parts.branchRules.protection(repository, branch)),
          },
          protection_url: `${url}/protection`,
        };
      },
    },
  ];
}

/** The checks that a branch's protection requires of commits. */
function requiredChecks(settings: Readonly<Record<string, unknown>> | undefined) {
  const checks = settings?.required_status_checks as { readonly contexts?: readonly string[] } | null | undefined;
  const contexts = checks?.contexts ?? [];
  const level = checks ? 'non_admins' : 'off';
  return { enforcement_level: level, contexts, checks: contexts.map((context) => ({ context, app_id: null })) };
}

async function headOf({ lag }: GitHubParts, call: RepositoryCall): Promise<string> {
  const { id, directory } = call.repository;
  const branch = param(call, 'branch');
  const head = lag.sha(id, `refs/heads/${branch}`, await branchHead(directory, branch));
  if (!head) throw new GitHubError(404, 'Branch not found');
  return head;
}
