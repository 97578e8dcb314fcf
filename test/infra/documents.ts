import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A policy as IAM gets it. */
export interface Document {
  readonly Version: string;
  readonly Statement: readonly object[];
}

/** @returns a value of a template in which only the partition is left open, as AWS gets it */
const resolved = <T>(value: unknown): T =>
  JSON.parse(
    JSON.stringify(value, (_key, part) =>
      part?.['Fn::Join']
        ? part['Fn::Join'][1].map((one: unknown) => (typeof one === 'string' ? one : 'aws')).join('')
        : part,
    ),
  );

/** @returns the document of the managed policy whose logical id begins so, and the id */
export function managedPolicy(stack: Stack, beginning: string): readonly [id: string, document: Document] {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  const [id, policy] = policies.find(([name]) => name.startsWith(beginning))!;
  return [id, resolved(policy.Properties.PolicyDocument)];
}

/** @returns a role's properties, but for what only AWS will know */
export function roleOf(stack: Stack, RoleName: string): Readonly<Record<string, unknown>> {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role', { Properties: { RoleName } }));
  return resolved(role!.Properties);
}

/** @returns a policy of a role, by its name in the template */
export function inlinePolicy(stack: Stack, roleName: string, policyName: string): Document {
  const policies = roleOf(stack, roleName).Policies as { PolicyName: string; PolicyDocument: Document }[];
  return policies.find(({ PolicyName }) => PolicyName === policyName)!.PolicyDocument;
}
