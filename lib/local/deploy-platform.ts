import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ReleaseError } from '../core/contracts/errors';
import { AwsError } from './calls/aws-error';
import { EmulatorClient } from './calls/emulator-client';
import { IN_CHECKOUT, PROJECT, VENV } from './emulator/checkout';
import { ensureVenv } from './emulator/python-venv';
import type { LocalCloud } from './local-cloud';
import { machineEnvironment } from './processes/environments';
import { startGuarded } from './processes/process-guard';

/** What of a local cloud a deployment of the platform needs; a cloud in another process will do. */
export type DeployTarget = Pick<LocalCloud, 'endpoint' | 'region' | 'accountId' | 'environment' | 'scratchDir'>;

/** What to deploy where. */
export interface DeployPlatformOptions {
  readonly cloud: DeployTarget;
  /** Path of seedbed.yml. */
  readonly configPath: string;
  /** Told of each line that the CDK CLI prints. */
  readonly log?: (line: string) => void;
}

/** How many of the CLI's last lines an error shows. */
const LAST_LINES = 15;
/** The version parameter that `cdk bootstrap` writes last: docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';

/**
 * Deploys the platform to a local cloud with the real CDK CLI; call it again when seedbed.yml has changed. Bootstraps
 * first if that was not done, while the app is synthesised. In a team's project it is the app that its cdk.json names.
 * @throws ReleaseError `LocalCloudFailed` with the CLI's last lines
 */
export async function deployPlatform({ cloud, configPath, log = () => {} }: DeployPlatformOptions): Promise<void> {
  const python = await ensureVenv({ directory: VENV, log });
  const output = join(cloud.scratchDir, 'cdk.out');
  const cdk = (...args: string[]) => runCdk(args, { cloud, python, log });
  const settings = ['--output', output, '--context', 'local=true', '--context', `config=${configPath}`];
  const app = IN_CHECKOUT ? ['--app', `"${process.execPath}" -r tsx/cjs bin/app.ts`, ...settings] : settings;
  // Without a change set: nobody looks at it, and it takes two polls more.
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--method', 'direct', '--progress', 'events'];
  if (await isBootstrapped(cloud)) return cdk(...deploy, ...app);
  // Without an app: the one of cdk.json would be synthesised too, and another CLI in this checkout would be in the way.
  const bootstrap = cdk('bootstrap', `aws://${cloud.accountId}/${cloud.region}`, '--app', '');
  await allOrFirstError([bootstrap, cdk('synth', '--quiet', ...app)]);
  await cdk(...deploy, '--app', output);
}

async function runCdk(
  args: readonly string[],
  {
    cloud,
    python,
    log,
  }: { readonly cloud: DeployTarget; readonly python: string; readonly log: (line: string) => void },
): Promise<void> {
  const program = require.resolve('aws-cdk/bin/cdk');
  const run = startGuarded([process.execPath, program, ...args, '--no-notices', '--no-color'], {
    python,
    cwd: PROJECT,
    graceSeconds: 2,
    env: {
      ...machineEnvironment(),
      ...cloud.environment,
      TMPDIR: join(cloud.scratchDir, 'tmp'), // made with the cloud; the CLI leaves directories behind
      CDK_HOME: join(cloud.scratchDir, 'cdk-home'), // what the CLI remembers of accounts must not outlive this one
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_VALIDATION: 'false', // 9 s; the tests of lib/infra validate the templates
    },
  });
  const last: string[] = [];
  const keep = (line: string) => {
    log(line);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  };
  for (const stream of [run.stdout, run.stderr]) createInterface({ input: stream }).on('line', keep);
  const { status } = await run.ended;
  if (status === 0) return;
  throw new ReleaseError('LocalCloudFailed', `cdk ${args[0]} failed; its last lines:\n  ${last.join('\n  ')}`);
}

/** Waits for all, so that nothing runs on, then throws the first error. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function isBootstrapped({ endpoint, accountId, region }: DeployTarget): Promise<boolean> {
  const client = new EmulatorClient(Number(new URL(endpoint).port));
  const input = { Name: BOOTSTRAP_VERSION };
  try {
    await client.json({ accessKey: accountId, region }, 'ssm', 'AmazonSSM.GetParameter', input);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return false;
    throw error;
  } finally {
    client.close();
  }
}
