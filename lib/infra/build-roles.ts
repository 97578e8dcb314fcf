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
import { APPLICATION_PREFIX, HOOK_FUNCTIONS, HOOKS_TABLE } from '../core/contracts/code-deploy-names';
import { buildRoleName, projectRoleName, type StageBuild } from '../core/contracts/stage-build';
import { BUILD_PROJECT_PREFIX } from '../core/contracts/stage-environment';
import { ARTIFACTS } from './artifact-bucket';

export interface BuildRolesProps {
  /** Account of the platform, in which builds run. */
  readonly opsAccount: string;
  /** The names of the platform's resources begin with it. */
  readonly platformStackName: string;
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
   * Everything but IAM, what is the platform's own, and changing stacks: a stack has a role of its own, which is
   * CloudFormation's, and who updates the stack needs no right over that role.
   */
  private boundary(): PolicyDocument {
    const { partition } = Stack.of(this);
    const { platformStackName: platform } = this.props;
    const colon = (service: string, resource: string, resourceName: string): string =>
      this.anywhere(service, resource, resourceName, ArnFormat.COLON_RESOURCE_NAME);
    const bucket = `arn:${partition}:s3:::`;
    const own = [
      this.anywhere('ssm', 'parameter', 'seedbed/*'),
      colon('secretsmanager', 'secret', 'seedbed/*'),
      ...[`${platform.toLowerCase()}-${ARTIFACTS.toLowerCase()}*`, 'cdk-*'].map((name) => `${bucket}${name}`),
      ...[`${platform}-*`, HOOKS_TABLE].map((name) => this.anywhere('dynamodb', 'table', name)),
      ...[`${platform}-*`, ...Object.values(HOOK_FUNCTIONS)].map((name) => colon('lambda', 'function', name)),
      ...['stateMachine', 'execution'].map((kind) => colon('states', kind, `${platform}-*`)),
      ...['project', 'build'].map((kind) => this.anywhere('codebuild', kind, `${BUILD_PROJECT_PREFIX}*`)),
      ...['application', 'deploymentgroup'].map((kind) => colon('codedeploy', kind, `${APPLICATION_PREFIX}*`)),
      ...[`${platform}*`, 'CDKToolkit'].map((name) => this.anywhere('cloudformation', 'stack', `${name}/*`)),
    ];
    const deny = { effect: Effect.DENY };
    return new PolicyDocument({
      statements: [
        new PolicyStatement({ effect: Effect.ALLOW, actions: ['*'], resources: ['*'] }),
        new PolicyStatement({ ...deny, actions: ['iam:*', 'organizations:*', 'account:*'], resources: ['*'] }),
        new PolicyStatement({
          ...deny,
          actions: ['sts:AssumeRole'],
          resources: ['seedbed-*', `${platform}*`, 'cdk-*'].map((name) => `arn:${partition}:iam::*:role/${name}`),
        }),
        new PolicyStatement({ ...deny, actions: ['*'], resources: own }),
        new PolicyStatement({
          ...deny,
          notActions: ['cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'],
          resources: [`arn:${partition}:cloudformation:*:*:*`],
        }),
      ],
    });
  }

  private anywhere(service: string, resource: string, resourceName: string, arnFormat?: ArnFormat): string {
    return Stack.of(this).formatArn({ service, region: '*', account: '*', resource, resourceName, arnFormat });
  }
}
