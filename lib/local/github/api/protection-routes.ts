import * as z from 'zod';
import { created, GitHubError } from '../http/answer';
import { apiUrlOf } from '../json/repository-json';
import { branchHead } from '../repositories/references';
import { fullName } from '../repositories/repositories';
import { input, param, type RepositoryRoute } from './call';
import type { GitHubParts } from './parts';

const ADMINISTER = [{ administration: 'write' }] as const;

const RulesetInput = z.object({
  name: z.string().min(1),
  target: z.literal('branch').default('branch'),
  enforcement: z.literal('active'),
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()).default([]) }) })
    .default({ ref_name: { include: ['~ALL'], exclude: [] } }),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() })).default([]),
});

/**
 * What protects branches, as in GitHub's REST API. The double keeps and shows it as it was sent, but enforces nothing.
 */
export function protectionRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { branchRules } = parts;
  return [
    {
      route: 'PUT /branches/{branch+}/protection',
      needs: ADMINISTER,
      respond: async (call) => {
        const settings = input(call, 'ProtectedBranch', z.record(z.string(), z.unknown()));
        const branch = param(call, 'branch');
        if (!(await branchHead(call.repository.directory, branch))) throw new GitHubError(404, 'Branch not found');
        branchRules.protect(call.repository, branch, settings);
        return { url: `${apiUrlOf(parts, call.repository)}/branches/${branch}/protection`, ...settings };
      },
    },
    {
      route: 'POST /rulesets',
      needs: ADMINISTER,
      respond: (call) => {
        const { conditions, ...wanted } = input(call, 'RepositoryRuleset', RulesetInput);
        const { id, rules } = branchRules.add({ repositoryId: call.repository.id, ...wanted, ...conditions.ref_name });
        const of = { source_type: 'Repository', source: fullName(call.repository) };
        return created({ id, ...wanted, ...of, conditions, rules });
      },
    },
    {
      route: 'GET /rules/branches/{branch+}',
      needs: [{ metadata: 'read' }],
      respond: (call) => {
        const of = { ruleset_source_type: 'Repository', ruleset_source: fullName(call.repository) };
        const found = branchRules.of(call.repository, param(call, 'branch'));
        return found.flatMap(({ id, rules }) => rules.map((rule) => ({ ...rule, ruleset_id: id, ...of })));
      },
    },
  ];
}
