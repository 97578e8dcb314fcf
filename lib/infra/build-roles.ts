import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { readStatements } from '../core/build/read-statements';
import {
  APPLICATION_PREFIX,
  CONFIGURATION_PREFIX,
  HOOK_FUNCTIONS,
  HOOKS_TABLE,
} from '../core/contracts/code-deploy-names';
import { buildRoleName, projectRoleName, type StageBuild } from '../core/contracts/stage-build';
import { BUILD_PROJECT_PREFIX } from '../core/contracts/stage-environment';
import { RELEASE_EVENT } from '../core/record/release-event';
import { ARTIFACTS } from './artifact-bucket';

export interface BuildRolesProps {
  /** Account of the platform, in which builds run. */
  readonly opsAccount: string;
  /** The names of the platform's resources begin with it. */
  readonly platformStackName: string;
  /** Names of the secrets with which the platform itself works. */
  readonly platformSecrets: readonly string[];
  /** The stages that live in the stack's account. */
  readonly builds: readonly StageBuild[];
}

/**
 * The roles with which packager and hooks work in this account: one for each configured stage, which the CodeBuild role
 * of that stage alone may assume. A stage that seedbed.yml grants nothing has a role that may do nothing but say whose
 * account it is.
 */
export class BuildRoles extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: BuildRolesProps,
  ) {
    super(scope, id);
    if (props.builds.length === 0) return;
    const permissionsBoundary = new ManagedPolicy(this, 'Boundary', {
      description: 'What builds never do in this account, whatever seedbed.yml grants them',
      document: this.boundary(),
    });
    for (const build of props.builds) this.addRole(build, permissionsBoundary);
  }

  private addRole({ app, stage, reads, policies }: StageBuild, permissionsBoundary: ManagedPolicy): void {
    const { account, partition, region } = Stack.of(this);
    const project = `arn:${partition}:iam::${this.props.opsAccount}:role/${projectRoleName(app, stage)}`;
    const statements = readStatements(reads, { partition, account, region }).map(
      ({ actions, resources, conditions }) =>
        new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources], conditions }),
    );
    new Role(this, `${app}_${stage}`, {
      roleName: buildRoleName(app, stage),
      description: `packager and hooks of stage ${stage} of ${app} work with it`,
      // Not the role itself as principal: IAM refuses one that does not exist yet.
      assumedBy: new PrincipalWithConditions(new AccountPrincipal(this.props.opsAccount), {
        ArnEquals: { 'aws:PrincipalArn': project },
      }),
      permissionsBoundary,
      managedPolicies: policies.map((arn, index) =>
        ManagedPolicy.fromManagedPolicyArn(this, `${app}_${stage}-${index}`, arn),
      ),
      ...(statements.length > 0 && { inlinePolicies: { Reads: new PolicyDocument({ statements }) } }),
    });
  }

  /**
   * Everything but what would give a build the rights of others: IAM and other roles; what is the platform's own, by
   * the names that its stacks give; changes of stacks, which have a role of their own that is CloudFormation's; and of
   * APIs, which have no names by which to tell the platform's.
   */
  private boundary(): PolicyDocument {
    const { partition } = Stack.of(this);
    const deny = { effect: Effect.DENY };
    return new PolicyDocument({
      statements: [
        new PolicyStatement({ effect: Effect.ALLOW, actions: ['*'], resources: ['*'] }),
        new PolicyStatement({ ...deny, actions: [...NEVER], resources: ['*'] }),
        new PolicyStatement({ ...deny, actions: ['*'], resources: [...this.own()] }),
        // Who may list a path sees all below it, even what is denied by name: listing `/` would show all of `/seedbed`.
        new PolicyStatement({
          ...deny,
          actions: ['ssm:GetParametersByPath'],
          resources: [`arn:${partition}:ssm:*:*:parameter`, `arn:${partition}:ssm:*:*:parameter/`],
        }),
        new PolicyStatement({
          ...deny,
          actions: ['events:PutEvents'],
          resources: ['*'],
          conditions: { 'ForAnyValue:StringEquals': { 'events:source': RELEASE_EVENT.source } },
        }),
        new PolicyStatement({
          ...deny,
          notActions: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*', 'apigateway:GET'],
          resources: [`arn:${partition}:cloudformation:*:*:*`, `arn:${partition}:apigateway:*::/*`],
        }),
      ],
    });
  }

  /** Resources of the platform, in its own account and in targets, and of the CDK that deploys it. */
  private own(): readonly string[] {
    const { partition } = Stack.of(this);
    const { platformStackName: platform, platformSecrets } = this.props;
    const all = `${platform}*`;
    const colon = (service: string, resource: string, resourceName: string): string =>
      this.anywhere(service, resource, resourceName, ArnFormat.COLON_RESOURCE_NAME);
    const secrets = platformSecrets.filter((name) => !name.startsWith('seedbed/')).map((name) => `${name}-??????`);
    const buckets = [`${platform.toLowerCase()}-${ARTIFACTS.toLowerCase()}*`, 'cdk-*'];
    const logs = [
      all,
      `/aws/vendedlogs/states/${all}`,
      `/aws/lambda/${all}`,
      `/aws/codebuild/${BUILD_PROJECT_PREFIX}*`,
    ];
    return [
      ...['seedbed', 'seedbed/*', 'cdk-bootstrap/*'].map((name) => this.anywhere('ssm', 'parameter', name)),
      ...['seedbed/*', ...secrets].map((name) => colon('secretsmanager', 'secret', name)),
      ...buckets.map((name) => `arn:${partition}:s3:::${name}`),
      ...[all, `${HOOKS_TABLE}*`].map((name) => this.anywhere('dynamodb', 'table', name)),
      ...[all, ...Object.values(HOOK_FUNCTIONS).map((name) => `${name}*`)].map((name) =>
        colon('lambda', 'function', name),
      ),
      ...['stateMachine', 'execution', 'mapRun'].map((kind) => colon('states', kind, all)),
      ...['project', 'build', 'build-batch'].map((kind) =>
        this.anywhere('codebuild', kind, `${BUILD_PROJECT_PREFIX}*`),
      ),
      ...['application', 'deploymentgroup'].map((kind) => colon('codedeploy', kind, `${APPLICATION_PREFIX}*`)),
      colon('codedeploy', 'deploymentconfig', `${CONFIGURATION_PREFIX}*`),
      ...[all, 'CDKToolkit'].map((name) => this.anywhere('cloudformation', 'stack', `${name}/*`)),
      this.anywhere('events', 'rule', all),
      ...logs.map((name) => colon('logs', 'log-group', name)),
      ...['sqs', 'sns'].map((service) => `arn:${partition}:${service}:*:*:${all}`),
      colon('cloudwatch', 'alarm', all),
      this.anywhere('cloudwatch', 'dashboard', all),
    ];
  }

  private anywhere(service: string, resource: string, resourceName: string, arnFormat?: ArnFormat): string {
    return Stack.of(this).formatArn({ service, region: '*', account: '*', resource, resourceName, arnFormat });
  }
}

/**
 * What no build does to anything. Actions that take no resources are denied on `*` alone, so those of CloudFormation
 * are named here and once more, with what will yet come, by its resources. An access point is another name of a
 * bucket, by which IAM does not know it again; a policy for all logs of the account reads the platform's, too; and
 * which deployment CodeDeploy stops, and which hook is answered, is told by an id alone.
 */
const NEVER = [
  ...['iam', 'organizations', 'account', 'sso', 'sso-directory', 'identitystore'].map((service) => `${service}:*`),
  'sts:Assume*',
  ...['Activate', 'Create', 'Deactivate', 'Delete', 'Deregister', 'Publish', 'Register', 'Set', 'Update'].map(
    (verb) => `cloudformation:${verb}*`,
  ),
  's3:Create*AccessPoint*',
  'logs:*AccountPolicy',
  ...['ContinueDeployment', 'PutLifecycleEventHookExecutionStatus', 'StopDeployment'].map((one) => `codedeploy:${one}`),
] as const;
