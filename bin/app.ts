import { existsSync, readFileSync } from 'node:fs';
import { App, Aws } from 'aws-cdk-lib';
import { resolveConfig } from '../lib/config/resolve-config';
import { SEEDBED_YML } from '../lib/config/seedbed-yml';
import { ReleaseError } from '../lib/core/contracts/errors';
import { addSeedbed } from '../lib/infra/seedbed-app';

/**
 * The CDK app. Context: `config` (path of seedbed.yml, by default the one in this directory), `local` (`true` on the
 * local cloud, where nothing has to outlive its stack).
 */
function main(): void {
  const app = new App();
  const account = process.env.CDK_DEFAULT_ACCOUNT ?? Aws.ACCOUNT_ID;
  const region = process.env.CDK_DEFAULT_REGION ?? Aws.REGION;
  const config = resolveConfig(readConfig(app.node.tryGetContext('config')), { account, region });
  addSeedbed(app, { config, account, region, keep: app.node.tryGetContext('local') !== 'true' });
}

/** @returns the text of seedbed.yml; without one, no app is connected yet. */
function readConfig(path: string | undefined): string {
  if (path === undefined && !existsSync(SEEDBED_YML)) return '';
  if (path !== undefined && !existsSync(path))
    throw new ReleaseError(
      'ConfigInvalid',
      `there is no file ${path}, which the context "config" names; write it, or name another one`,
    );
  return readFileSync(path ?? SEEDBED_YML, 'utf8');
}

try {
  main();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
