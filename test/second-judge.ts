import { readFile } from 'node:fs/promises';
import { runSimulation } from '@cloud-copilot/iam-simulate';

/** What the local cloud has judged, and by what: see `judgements_are_kept.py`. */
export interface Judgement {
  /** ARN of a role's session. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account of the resource's own policy, if it has one. */
  readonly owner: string | null;
  readonly context: Readonly<Record<string, string | string[]>>;
  /** Policies of the role. */
  readonly identity: readonly object[];
  /** Its boundary, and policies of its session: each must allow. */
  readonly limits: readonly (readonly object[])[];
  /** The resource's own policy. */
  readonly policy: { readonly Statement?: readonly object[] } | null;
  readonly allowed: boolean;
}

const named = (policies: readonly object[]) => policies.map((policy, index) => ({ name: `policy-${index}`, policy }));

/**
 * Asks a judge that we did not write, and that MiniStack's authors did not write either. It also knows which actions
 * there are, which resources they take, and which condition keys.
 * @returns why it judges otherwise, or undefined if it agrees
 */
export async function disagreement(judgement: Judgement): Promise<string | undefined> {
  const { principal, action, resource, owner, context, identity, limits, policy, allowed } = judgement;
  const accountId = owner ?? (resource.split(':')[4] || principal.split(':')[4]!);
  const [boundary] = limits;
  const resourcePolicy = policy ?? (KEY_TO_COME.test(resource) ? allowing(accountId) : null);
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId }, contextVariables: { ...context } },
      identityPolicies: named(identity),
      ...(resourcePolicy?.Statement?.length && { resourcePolicy }),
      ...(boundary && { permissionBoundaryPolicies: named(boundary) }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: 'Strict' },
  );
  const call = `${principal}: ${action} on ${resource}`;
  if (isOfHttpApis(judgement) && answer.resultType === 'error') return undefined;
  if (answer.resultType === 'error') return `${call}: ${JSON.stringify(answer.errors)}`;
  if ((answer.overallResult === 'Allowed') === allowed) return undefined;
  return `${call}: ${allowed ? 'allowed' : 'denied'} here, ${answer.overallResult} there`;
}

/**
 * A key that CloudFormation is about to make has no policy to judge by yet. By the one that it gets its account's own
 * policies decide, as by every key's unless its maker says otherwise:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const KEY_TO_COME = /^arn:aws:kms:[^:]+:\d+:key\/\*$/;
const allowing = (accountId: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' },
  ],
});

/**
 * AWS's reference has HTTP APIs on a page of their own under the prefix of REST APIs
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html); the
 * judge's data has the other page only, and so knows no such resource.
 */
const isOfHttpApis = ({ action, resource }: Judgement): boolean =>
  action.startsWith('apigateway:') && /^arn:aws:apigateway:[^:]*::\/(apis|vpclinks|domainnames)(\/|$)/.test(resource);

/** @returns what a local cloud has judged, each once. */
export const readJudgements = async (file: string): Promise<readonly Judgement[]> =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Judgement);
