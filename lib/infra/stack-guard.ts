import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { READ_IMAGES } from './image-repository';
import { ABOVE_ACCOUNTS, denied, OTHER_NAMES, ownKeysNever } from './never';
import { type PlatformNames, platformsOwn } from './platforms-own';

/**
 * What CloudFormation's role never does for the stack of a service, whatever its policies say: it makes, changes and
 * uses nothing that is the platform's. Where roles must have a boundary, it makes none without, gives none to anybody
 * else, and takes none away, as the CDK's own example of a boundary does
 * (https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml).
 *
 * @param boundary ARN of the boundary that the roles and users of stacks must have, if they must have one
 */
export function stackGuard(scope: Construct, names: PlatformNames, boundary?: string): PolicyDocument {
  const own = platformsOwn(scope, names);
  return new PolicyDocument({
    statements: [
      denied(['*'], [...own.identities, ...own.others]),
      new PolicyStatement({
        effect: Effect.DENY,
        notActions: ['s3:GetObject', 's3:GetObjectVersion', 'ssm:GetParameter', 'ssm:GetParameters', ...READ_IMAGES],
        resources: [...own.read],
      }),
      ownKeysNever(names.platformStackName),
      denied(ABOVE_ACCOUNTS, ['*']),
      ...(boundary === undefined
        ? []
        : [
            denied(OF_BOUNDED, ['*'], { StringNotEquals: { 'iam:PermissionsBoundary': boundary } }),
            denied([...AROUND_BOUNDARIES, ...OTHER_NAMES], ['*']),
            denied(POLICY_CHANGES, [boundary]),
          ]),
    ],
  });
}

/**
 * What is done to a role or user with that boundary alone. The actions that know the condition key:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const OF_BOUNDED = [
  ...['Role', 'User'].flatMap((kind) => [
    `iam:Create${kind}`,
    `iam:Attach${kind}Policy`,
    `iam:Put${kind}Policy`,
    `iam:Put${kind}PermissionsBoundary`,
  ]),
  'iam:UpdateAssumeRolePolicy',
];

/**
 * What gives somebody rights that no boundary holds: taking one away; rights by groups, which have none; credentials of
 * users, of whom one may be an administrator; stacks of other accounts, and types of resources, which have roles of
 * their own.
 */
const AROUND_BOUNDARIES = [
  ...['DeleteRolePermissionsBoundary', 'DeleteUserPermissionsBoundary'],
  ...['AddUserToGroup', 'AttachGroupPolicy', 'PutGroupPolicy'],
  ...['CreateAccessKey', 'CreateLoginProfile', 'CreateServiceSpecificCredential', 'UpdateLoginProfile'],
]
  .map((action) => `iam:${action}`)
  .concat(
    ['*StackSet*', 'ActivateType', 'RegisterType', 'SetTypeConfiguration'].map((name) => `cloudformation:${name}`),
  );

const POLICY_CHANGES = ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'].map(
  (action) => `iam:${action}`,
);
