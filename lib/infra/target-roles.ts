import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface TargetRolesProps {
  /** Account of the platform, whose workers may assume the deploy role. */
  readonly opsAccount: string;
  /** Roles of the platform's workers, as a pattern of their ARNs. */
  readonly workerRoles: string;
  readonly externalId: string;
  readonly deployRoleName: string;
  readonly executionRoleName: string;
  readonly artifacts: Bucket;
}

/** What a target account grants: a role to deploy with, and the one CloudFormation makes resources with. */
export class TargetRoles extends Construct {
  readonly deployRole: Role;
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: TargetRolesProps) {
    super(scope, id);
    const stack = Stack.of(this);

    this.executionRole = new Role(this, 'CloudFormation', {
      roleName: props.executionRoleName,
      description: 'CloudFormation makes the resources of services with it',
      assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
      // Services may consist of any resource, as with the CDK's own bootstrap; narrow it where your services allow.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    });

    this.deployRole = new Role(this, 'Deploy', {
      roleName: props.deployRoleName,
      description: 'Seedbed updates stacks and functions with it',
      assumedBy: new PrincipalWithConditions(new AccountPrincipal(props.opsAccount), {
        StringEquals: { 'sts:ExternalId': props.externalId },
        ArnLike: { 'aws:PrincipalArn': props.workerRoles },
      }),
    });

    const allow = (actions: string[], resources: string[]): void => {
      this.deployRole.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));
    };
    // The names of stacks and functions belong to the services and are not known here.
    allow(
      [
        'cloudformation:CreateStack',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeEvents',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'cloudformation:UpdateStack',
        'cloudformation:TagResource',
      ],
      [stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*' })],
    );
    allow(
      [
        'lambda:CreateAlias',
        'lambda:GetAlias',
        'lambda:GetFunction',
        'lambda:PublishVersion',
        'lambda:UpdateAlias',
        'lambda:UpdateFunctionCode',
      ],
      [
        stack.formatArn({
          service: 'lambda',
          resource: 'function',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    );
    allow(['iam:PassRole'], [this.executionRole.roleArn]);
    // Lambda and CloudFormation read bundles, layers and templates as the caller.
    allow(
      ['s3:GetObject', 's3:GetObjectVersion'],
      [props.artifacts.arnForObjects('bundles/*'), props.artifacts.arnForObjects('packages/*')],
    );
  }
}
