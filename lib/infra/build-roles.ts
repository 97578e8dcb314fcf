import { Stack } from 'aws-cdk-lib';
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
import { buildRoleName, projectRoleName, type StageBuild } from '../core/contracts/stage-build';
import { ABOVE_ACCOUNTS, codeNever, denied, OF_DEPLOYMENTS, OTHER_NAMES, ownKeysNever, STACK_CHANGES } from './never';
import { type PlatformNames, platformsOwn } from './platforms-own';

export interface BuildRolesProps extends PlatformNames {
  /** Account of the platform, in which builds run. */
  readonly opsAccount: string;
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
    const own = platformsOwn(this, this.props);
    return new PolicyDocument({
      statements: [
        new PolicyStatement({ effect: Effect.ALLOW, actions: ['*'], resources: ['*'] }),
        denied(NEVER, ['*']),
        // Roles and policies are out of reach already.
        denied(['*'], [...own.read, ...own.others]),
        ownKeysNever(this.props.platformStackName),
        ...codeNever(this, ['/*']),
      ],
    });
  }
}

/**
 * What no build does to anything. Actions that take no resources are denied on `*` alone, so those of CloudFormation
 * are named here and once more, with what will yet come, by its resources. Which hook is answered is told by an id
 * alone.
 */
const NEVER = [
  'iam:*',
  'sts:Assume*',
  ...ABOVE_ACCOUNTS,
  ...STACK_CHANGES,
  ...OTHER_NAMES,
  ...OF_DEPLOYMENTS,
  'codedeploy:PutLifecycleEventHookExecutionStatus',
];
