import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { RELEASE_EVENT } from '../core/record/release-event';

/** What is above an account: nothing that an app brings has to do with it. */
export const ABOVE_ACCOUNTS = ['organizations', 'account', 'sso', 'sso-directory', 'identitystore'].map(
  (service) => `${service}:*`,
);

/**
 * What would get at the platform's by other names, in its own account. An access point is another name of a bucket, by
 * which IAM does not know it again; a policy for all logs of the account reads the platform's, too.
 */
export const OTHER_NAMES = ['s3:Create*AccessPoint*', 'logs:*AccountPolicy'];

/** Which deployment CodeDeploy stops or lets go on is told by an id alone. */
export const OF_DEPLOYMENTS = ['codedeploy:ContinueDeployment', 'codedeploy:StopDeployment'];

/** @returns a statement that denies */
export const denied = (
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): PolicyStatement =>
  new PolicyStatement({ effect: Effect.DENY, actions: [...actions], resources: [...resources], conditions });

/**
 * What code of an app never does in an account, with whatever role, beyond what has a name: list the platform's
 * parameters, tell of releases, or change stacks, which work with roles of their own.
 *
 * @param apis paths of API Gateway below which nothing is changed
 */
export function codeNever(scope: Construct, apis: readonly string[]): readonly PolicyStatement[] {
  const { partition } = Stack.of(scope);
  return [
    // Who may list a path sees all below it, even what is denied by name: listing `/` would show all of `/seedbed`.
    denied(
      ['ssm:GetParametersByPath'],
      ['', '/'].map((end) => `arn:${partition}:ssm:*:*:parameter${end}`),
    ),
    denied(['events:PutEvents'], ['*'], {
      'ForAnyValue:StringEquals': { 'events:source': RELEASE_EVENT.source },
    }),
    new PolicyStatement({
      effect: Effect.DENY,
      notActions: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*', 'apigateway:GET'],
      resources: [
        `arn:${partition}:cloudformation:*:*:*`,
        ...apis.map((path) => `arn:${partition}:apigateway:*::${path}`),
      ],
    }),
  ];
}

/**
 * Keys have no names but their aliases: without this, whoever may use all keys could have the platform's alarms call
 * nobody. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 *
 * @returns a statement that denies whatever could be done to the platform's keys
 */
export const ownKeysNever = (platformStackName: string): PolicyStatement =>
  denied(['kms:*'], ['*'], { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/${platformStackName}*` } });

/** Changes of CloudFormation that take no resources, so that a denial by resource does not reach them. */
export const STACK_CHANGES = [
  ...['Activate', 'Create', 'Deactivate', 'Delete', 'Deregister', 'Publish', 'Register', 'Set', 'Update'].map(
    (verb) => `cloudformation:${verb}*`,
  ),
];
