import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import {
  AccountPrincipal,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { APPLICATION_PREFIX, CONFIGURATION_PREFIX, HOOK_FUNCTIONS } from '../core/contracts/code-deploy-names';
import { renderedTemplatesOf } from '../core/contracts/keys';
import { ARTIFACTS } from './artifact-bucket';
import { READ_IMAGES } from './image-repository';
import { denied } from './never';
import { type PlatformNames, platformsOwn } from './platforms-own';
import { stackGuard } from './stack-guard';

export interface TargetRolesProps extends PlatformNames {
  /** Account of the platform, whose workers may assume the deploy role. */
  readonly opsAccount: string;
  /** Roles of the platform's workers, as a pattern of their ARNs. */
  readonly workerRoles: string;
  readonly externalId: string;
  readonly deployRoleName: string;
  readonly executionRoleName: string;
  readonly codeDeployRoleName: string;
  /** ARNs of the managed policies that CloudFormation's role has; without any it is administrator. */
  readonly executionPolicies: readonly string[];
  /** ARN of the boundary of CloudFormation's role itself, if it has one. */
  readonly ownBoundary?: string;
  /** ARN of the boundary that roles and users of stacks must have, if they must have one. */
  readonly rolesBoundary?: string;
  /** Absent in an account that is not the platform's. */
  readonly artifacts?: Bucket;
  /** Table in which hooks leave what became of them. */
  readonly hooksTable: TableV2;
}

/**
 * What a target account grants: a role to deploy with, and those with which CloudFormation and CodeDeploy do their
 * part.
 */
export class TargetRoles extends Construct {
  readonly deployRole: Role;
  readonly executionRole: Role;
  readonly codeDeployRole: Role;

  constructor(scope: Construct, id: string, props: TargetRolesProps) {
    super(scope, id);

    this.executionRole = new Role(this, 'CloudFormation', {
      roleName: props.executionRoleName,
      description: 'CloudFormation makes the resources of services with it',
      assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
      // Services may consist of any resource, as with the CDK's own bootstrap: `executionPolicies` narrow it.
      managedPolicies:
        props.executionPolicies.length === 0
          ? [ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')]
          : props.executionPolicies.map((arn, index) =>
              ManagedPolicy.fromManagedPolicyArn(this, `CloudFormation-${index}`, arn),
            ),
      ...(props.ownBoundary !== undefined && {
        permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(this, 'OwnBoundary', props.ownBoundary),
      }),
      // With the role, and not a resource after it: at no moment is there one without the other.
      inlinePolicies: {
        Guard: stackGuard(this, props, props.rolesBoundary),
        Bundles: new PolicyDocument({ statements: [this.readBundles(props), this.readForeignImages()] }),
      },
    });
    this.codeDeployRole = this.makeCodeDeployRole(props);
    this.deployRole = new Role(this, 'Deploy', {
      roleName: props.deployRoleName,
      description: 'Seedbed updates stacks and functions and shifts traffic with it',
      assumedBy: new PrincipalWithConditions(new AccountPrincipal(props.opsAccount), {
        StringEquals: { 'sts:ExternalId': props.externalId },
        ArnLike: { 'aws:PrincipalArn': props.workerRoles },
      }),
    });
    this.allowDeploys(props);
    this.allowShifts(props);
  }

  /** AWS's own AWSCodeDeployRoleForLambda, without its rights to S3 and narrowed where that can be. */
  private makeCodeDeployRole({ codeDeployRoleName }: TargetRolesProps): Role {
    const role = new Role(this, 'CodeDeploy', {
      roleName: codeDeployRoleName,
      description: 'CodeDeploy moves aliases of functions with it',
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
    });
    // The names of functions and topics belong to the services and are not known here.
    allow(
      role,
      ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      [this.arn('lambda', 'function', '*')],
    );
    allow(
      role,
      ['lambda:InvokeFunction'],
      Object.values(HOOK_FUNCTIONS).map((name) => this.arn('lambda', 'function', name)),
    );
    allow(role, ['sns:Publish'], [Stack.of(this).formatArn({ service: 'sns', resource: '*' })]);
    allow(role, ['cloudwatch:DescribeAlarms'], ALL_ALARMS);
    return role;
  }

  private allowDeploys(props: TargetRolesProps): void {
    // The names of stacks and functions belong to the services and are not known here.
    allow(
      this.deployRole,
      [
        'cloudformation:CancelUpdateStack',
        'cloudformation:CreateChangeSet',
        'cloudformation:CreateStack',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeEvents',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:GetTemplate',
        'cloudformation:ListStackResources',
        'cloudformation:SetStackPolicy',
        'cloudformation:UpdateStack',
        'cloudformation:UpdateTerminationProtection',
        'cloudformation:TagResource',
      ],
      [Stack.of(this).formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*' })],
    );
    // They take no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    allow(this.deployRole, ['cloudformation:ListImports', 'cloudformation:ListStacks'], ['*']);
    allow(
      this.deployRole,
      [
        'lambda:CreateAlias',
        'lambda:GetAlias',
        'lambda:GetFunction',
        'lambda:PublishVersion',
        'lambda:UpdateAlias',
        'lambda:UpdateFunctionCode',
      ],
      [this.arn('lambda', 'function', '*')],
    );
    // What invokes a function without its alias, of those that something else makes, is told.
    allow(this.deployRole, ['lambda:GetFunctionUrlConfig', 'lambda:GetPolicy'], [this.arn('lambda', 'function', '*')]);
    // It takes no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    allow(this.deployRole, ['lambda:ListEventSourceMappings'], ['*']);
    // A package names its stack, and a build writes the package.
    const own = platformsOwn(this, props).others;
    for (const [service, actions] of Object.entries(CHANGES)) {
      const resources = own.filter((arn) => arn.includes(`:${service}:*`));
      this.deployRole.addToPolicy(
        denied(
          actions.map((action) => `${service}:${action}`),
          resources,
        ),
      );
    }
    this.allowKeys();
    this.allowPruning();
    allow(this.deployRole, ['iam:PassRole'], [this.executionRole.roleArn]);
    this.deployRole.addToPolicy(this.readBundles(props));
    this.deployRole.addToPolicy(this.readForeignImages());
  }

  /** Lambda and CloudFormation read bundles, layers and templates as the caller. */
  private readBundles(props: TargetRolesProps): PolicyStatement {
    return new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: ['bundles/*', renderedTemplatesOf(Stack.of(this).account)].map((keys) =>
        artifactsArn(this, props, keys),
      ),
      ...(props.artifacts === undefined && {
        // Nobody else can make a bucket of that name in the platform's account.
        conditions: { StringEquals: { 'aws:ResourceAccount': props.opsAccount } },
      }),
    });
  }

  /**
   * Whoever gives Lambda an image of another account has to be allowed to read it, by its own policies and by those of
   * the repository (https://repost.aws/knowledge-center/lambda-ecr-image). In the account itself only Lambda has to be.
   */
  private readForeignImages(): PolicyStatement {
    const { account, partition, region } = Stack.of(this);
    return new PolicyStatement({
      effect: Effect.ALLOW,
      actions: READ_IMAGES,
      resources: [`arn:${partition}:ecr:${region}:*:repository/*`],
      conditions: { StringNotEquals: { 'aws:ResourceAccount': account } },
    });
  }

  /**
   * Functions may have a key of their own for their variables: Lambda reads and writes them with the rights of whoever
   * changes a function, who also grants the key to the function's role
   * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html). Which keys the services have
   * is not known here; each key's own policy has to allow it as well.
   */
  private allowKeys(): void {
    useKeys(this.deployRole, this.keys, ['kms:Decrypt', 'kms:GenerateDataKey'], this.via('lambda'));
    useKeys(this.deployRole, this.keys, ['kms:CreateGrant'], {
      ...this.via('lambda'),
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    });
    // Triggers may name topics that have a key.
    useKeys(this.codeDeployRole, this.keys, ['kms:Decrypt', 'kms:GenerateDataKey'], this.via('sns'));
  }

  private get keys(): string {
    return Stack.of(this).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  }

  private via(service: string): Conditions {
    const name = `${service}.${Stack.of(this).region}.amazonaws.com`;
    // China has another domain.
    return { StringEquals: { 'kms:ViaService': [name, `${name}.cn`] } };
  }

  /**
   * Versions, and never a function: the pattern asks for a qualifier behind the name, which the ARN of a function does
   * not have.
   */
  private allowPruning(): void {
    allow(
      this.deployRole,
      ['lambda:ListAliases', 'lambda:ListDurableExecutionsByFunction', 'lambda:ListVersionsByFunction'],
      [this.arn('lambda', 'function', '*')],
    );
    allow(this.deployRole, ['lambda:DeleteFunction'], [this.arn('lambda', 'function', '*:*')]);
    // It takes no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    allow(this.deployRole, ['lambda:GetAccountSettings'], ['*']);
  }

  /** https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html */
  private allowShifts({ hooksTable }: TargetRolesProps): void {
    allow(
      this.deployRole,
      [
        'codedeploy:BatchGetDeploymentGroups',
        'codedeploy:CreateApplication',
        'codedeploy:CreateDeployment',
        'codedeploy:CreateDeploymentGroup',
        'codedeploy:DeleteApplication',
        'codedeploy:DeleteDeploymentGroup',
        'codedeploy:ListDeploymentGroups',
        // CreateDeployment asks for it and for GetDeploymentConfig.
        'codedeploy:RegisterApplicationRevision',
        'codedeploy:UpdateDeploymentGroup',
      ],
      [
        this.arn('codedeploy', 'application', `${APPLICATION_PREFIX}*`),
        this.arn('codedeploy', 'deploymentgroup', `${APPLICATION_PREFIX}*/*`),
      ],
    );
    allow(
      this.deployRole,
      ['codedeploy:CreateDeploymentConfig', 'codedeploy:DeleteDeploymentConfig'],
      [this.arn('codedeploy', 'deploymentconfig', `${CONFIGURATION_PREFIX}*`)],
    );
    allow(this.deployRole, ['codedeploy:GetDeploymentConfig'], [this.arn('codedeploy', 'deploymentconfig', '*')]);
    // Those under way are listed for the whole account, and asked for by their ids alone. The other two take no
    // resources at all: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
    allow(
      this.deployRole,
      [
        'codedeploy:BatchGetDeployments',
        'codedeploy:ListDeployments',
        'codedeploy:PutLifecycleEventHookExecutionStatus',
        'codedeploy:StopDeployment',
      ],
      ['*'],
    );
    this.deployRole.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['iam:PassRole'],
        resources: [this.codeDeployRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'codedeploy.amazonaws.com' } },
      }),
    );
    allow(this.deployRole, ['cloudwatch:DescribeAlarms'], ALL_ALARMS);
    allow(this.deployRole, ['dynamodb:BatchWriteItem', 'dynamodb:Query'], [hooksTable.tableArn]);
  }

  private arn(service: string, resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}

/** What the deploy role may do to stacks and functions of services, and never to the platform's. */
const CHANGES = {
  cloudformation: [
    'CancelUpdateStack',
    'CreateChangeSet',
    'CreateStack',
    'DeleteChangeSet',
    'DeleteStack',
    'UpdateStack',
  ],
  lambda: ['CreateAlias', 'DeleteFunction', 'PublishVersion', 'UpdateAlias', 'UpdateFunctionCode'],
};

/**
 * With anything narrower CloudWatch tells of no composite alarm:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
const ALL_ALARMS = ['*'];

/** CloudFormation makes the bucket's name of the stack's, the construct's and letters of its own. */
const artifactsArn = (scope: Construct, { artifacts, platformStackName }: TargetRolesProps, keys: string): string =>
  artifacts?.arnForObjects(keys) ??
  `arn:${Stack.of(scope).partition}:s3:::${platformStackName.toLowerCase()}-${ARTIFACTS.toLowerCase()}*/${keys}`;

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

function useKeys(role: Role, keys: string, actions: string[], conditions: Conditions): void {
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [keys], conditions }));
}

function allow(role: Role, actions: string[], resources: string[]): void {
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));
}
