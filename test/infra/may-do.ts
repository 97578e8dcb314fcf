import { runSimulation } from '@cloud-copilot/iam-simulate';

interface Administrator {
  /** ARN of the role's session. */
  readonly principal: string;
  /** Policies that it has besides all rights, to deny it something. */
  readonly denials?: readonly object[];
  readonly boundary?: object;
}
type Context = Readonly<Record<string, string | string[]>>;

/**
 * Asks a judge that is not ours whether somebody who has all rights, within these limits, may do something in the
 * account 111122223333.
 * @throws Error if there is no such action, or it takes no such resource
 */
export async function mayDo(
  { principal, denials = [], boundary }: Administrator,
  action: string,
  resource: string,
  context: Context = {},
): Promise<boolean> {
  const administrator = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: '111122223333' },
        contextVariables: { ...context },
      },
      identityPolicies: [administrator, ...denials].map((policy, index) => ({ name: `policy-${index}`, policy })),
      ...(boundary && { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
      // Of roles, whose trust is judged, too.
      resourcePolicy: action.startsWith('sts:AssumeRole')
        ? { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: action }] }
        : undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: 'Strict' },
  );
  if (answer.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult === 'Allowed';
}
