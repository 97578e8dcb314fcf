import type { App } from 'aws-cdk-lib';
import { DEPLOY_ROLE_NAME, EXECUTION_ROLE_NAME, type PlatformConfig } from '../config/resolve-config';
import { CODE_DEPLOY_ROLE_NAME } from '../core/release';
import { PlatformStack } from './platform-stack';
import { TargetStack } from './target-stack';

export interface SeedbedAppProps {
  readonly config: PlatformConfig;
  /** Account and region of the platform; CDK tokens will do. */
  readonly account: string;
  readonly region: string;
  /** Whether state outlives the stacks; false on the local cloud. */
  readonly keep: boolean;
}

/** Adds the platform to a CDK app, and what its own account grants it as a target. */
export function addSeedbed(
  app: App,
  { config, account, region, keep }: SeedbedAppProps,
): {
  readonly platform: PlatformStack;
  readonly target: TargetStack;
} {
  const env = { account, region };
  const platform = new PlatformStack(app, 'Seedbed', {
    description: 'Seedbed: deploys what is pushed',
    env,
    keep,
    apps: config.apps,
  });
  const target = new TargetStack(app, 'SeedbedTarget', {
    description: 'Seedbed: what this account grants it as a target',
    env,
    platformStackName: platform.stackName,
    opsAccount: account,
    externalId: config.externalId,
    deployRoleName: DEPLOY_ROLE_NAME,
    executionRoleName: EXECUTION_ROLE_NAME,
    codeDeployRoleName: CODE_DEPLOY_ROLE_NAME,
    artifacts: platform.artifacts,
  });
  return { platform, target };
}
