import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { WORKERS_PATH } from '../core/contracts/release';
import type { StageBuild } from '../core/contracts/stage-build';
import { BuildRoles } from './build-roles';
import { RemovalRole } from './removal-role';
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
    new TargetRoles(this, 'Roles', {
      ...props,
      hooksTable: table,
      workerRoles: `arn:${this.partition}:iam::${props.opsAccount}:role${WORKERS_PATH}${props.platformStackName}-*`,
    });
    new RemovalRole(this, 'Removal', props);
    new BuildRoles(this, 'Builds', props);
  }
}
