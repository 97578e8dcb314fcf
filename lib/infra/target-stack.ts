import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BOUNDARY_NAME, WORKERS_PATH } from '../core/contracts/release';
import type { StageBuild } from '../core/contracts/stage-build';
import { BuildRoles } from './build-roles';
import { RemovalRole } from './removal-role';
import { StackBoundary } from './stack-boundary';
import { checkLimits } from './stack-limits';
import { TargetHooks } from './target-hooks';
import { TargetRoles } from './target-roles';

export interface TargetStackProps extends StackProps {
  readonly platformStackName: string;
  readonly opsAccount: string;
  readonly externalId: string;
  readonly deployRoleName: string;
  readonly executionRoleName: string;
  readonly codeDeployRoleName: string;
  /** ARNs of the managed policies that CloudFormation's role has; without any it is administrator. */
  readonly executionPolicies: readonly string[];
  /** ARN of the boundary that roles and users of stacks must have, if they must have one. */
  readonly rolesBoundary?: string;
  /** The stages that live in the account. */
  readonly builds: readonly StageBuild[];
  /** Names of the secrets with which the platform itself works. */
  readonly platformSecrets: readonly string[];
  /**
   * The artifact repository; absent in an account that is not the platform's, where only the beginning of its name is
   * known.
   */
  readonly artifacts?: Bucket;
}

/** What an account that services are deployed to grants the platform. */
export class TargetStack extends Stack {
  constructor(scope: Construct, id: string, props: TargetStackProps) {
    super(scope, id, { ...props, suppressTemplateIndentation: true });
    checkLimits(this);
    const { table } = new TargetHooks(this, 'Hooks');
    const boundary = new StackBoundary(this, 'StackBoundary', props);
    const given = props.rolesBoundary;
    const ours = this.formatArn({ service: 'iam', region: '', resource: 'policy', resourceName: BOUNDARY_NAME });
    const roles = new TargetRoles(this, 'Roles', {
      ...props,
      rolesBoundary: given ?? (props.artifacts ? ours : undefined),
      // Ours would keep CloudFormation itself from making any role.
      ownBoundary: given?.endsWith(`:policy/${BOUNDARY_NAME}`) ? undefined : given,
      hooksTable: table,
      workerRoles: `arn:${this.partition}:iam::${props.opsAccount}:role${WORKERS_PATH}${props.platformStackName}-*`,
    });
    // At no moment does it ask for a boundary that is not there.
    roles.executionRole.node.addDependency(boundary);
    new RemovalRole(this, 'Removal', props);
    new BuildRoles(this, 'Builds', props);
  }
}
