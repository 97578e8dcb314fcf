import { existsSync, readFileSync } from 'node:fs';
import { App, Aws } from 'aws-cdk-lib';
import { DEPLOY_ROLE_NAME, EXECUTION_ROLE_NAME, resolveConfig } from '../lib/config/resolve-config';
import { SEEDBED_YML } from '../lib/config/seedbed-yml';
import { ReleaseError } from '../lib/core/errors';
import { PlatformStack } from '../lib/infra/platform-stack';
import { TargetStack } from '../lib/infra/target-stack';

/**
 * The CDK app: the platform, and what its own account grants it as a target.
 *
 * Context: `config` (path of seedbed.yml, by default the one here), `local` (on the local cloud, where nothing has to
 * outlive its stack).
 */
function main(): void {
  const app = new App();
  const account = process.env.CDK_DEFAULT_ACCOUNT ?? Aws.ACCOUNT_ID;
  const region = process.env.CDK_DEFAULT_REGION ?? Aws.REGION;
  const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

  const config = resolveConfig(readConfig(app), { account, region });
  const platform = new PlatformStack(app, 'Seedbed', {
    env,
    keep: app.node.tryGetContext('local') !== 'true',
    apps: config.apps,
  });
  new TargetStack(app, 'SeedbedTarget', {
    env,
    platformStackName: platform.stackName,
    opsAccount: account,
    externalId: config.externalId,
    deployRoleName: DEPLOY_ROLE_NAME,
    executionRoleName: EXECUTION_ROLE_NAME,
    artifacts: platform.artifacts,
  });
}

/** @returns the text of seedbed.yml; a platform may be deployed before the first app is connected. */
function readConfig(app: App): string {
  const given: string | undefined = app.node.tryGetContext('config');
  if (given === undefined && !existsSync(SEEDBED_YML)) return '';
  return readFileSync(given ?? SEEDBED_YML, 'utf8');
}

try {
  main();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
