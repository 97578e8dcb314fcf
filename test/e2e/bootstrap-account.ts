import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalCloud } from '../../lib/local/local-cloud';

const CDK = join(__dirname, '../../node_modules/aws-cdk/bin/cdk');
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Lets the account of a local cloud deploy stacks to another one, as docs/install.md says. */
export async function bootstrapAccount(cloud: LocalCloud, account: string): Promise<void> {
  const trust = ['--trust', cloud.accountId, '--cloudformation-execution-policies', ADMINISTRATOR];
  await promisify(execFile)(
    process.execPath,
    [CDK, 'bootstrap', `aws://${account}/${cloud.region}`, ...trust, '--app', ''],
    // What the CLI remembers of accounts must not outlive this one.
    {
      env: {
        ...process.env,
        ...cloud.environment,
        AWS_ACCESS_KEY_ID: account,
        CDK_HOME: cloud.scratchDir,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      },
    },
  );
}
