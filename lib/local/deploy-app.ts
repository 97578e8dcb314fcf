import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ReleaseError } from '../core/contracts/errors';
import { AwsError } from './calls/aws-error';
import { rootClient } from './calls/root-client';
import { COMPILED, VENV } from './emulator/checkout';
import { ensureVenv } from './emulator/python-venv';
import type { LocalCloud } from './local-cloud';
import { compileCache } from './processes/compile-cache';
import { machineEnvironment } from './processes/environments';
import { startGuarded } from './processes/process-guard';
import { whileLocked } from './processes/while-locked';

/** What a deployment needs of a local cloud, which may run in another process. */
export type DeployTarget = Pick<
  LocalCloud,
  'endpoint' | 'region' | 'accountId' | 'root' | 'environment' | 'scratchDir'
>;

/** A CDK app, and how to run it. */
interface CdkApp {
  /** Where its command runs and its `cdk.json` is, if it has one. */
  readonly directory: string;
  /** What `cdk --app` takes, such as `node app.js`; if not given, it is what `cdk.json` says. */
  readonly command?: string;
  /** Context values by name, as `cdk --context` takes them. */
  readonly context?: Readonly<Record<string, string>>;
  /** Environment variables for the CDK and the app, besides those that point it at the local cloud. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What to deploy, and where. */
export interface DeployAppOptions {
  readonly cloud: DeployTarget;
  readonly app: CdkApp;
  /** Called with each line that the CDK CLI prints. */
  readonly log?: (line: string) => void;
  /** Called once if another process deploys to this cloud, with its process id. */
  readonly onWait?: (owner: number) => void;
}

/** @returns the lock of whoever deploys to a cloud: all use the same directory for what the CDK makes. */
const deployLock = ({ scratchDir }: DeployTarget): string => join(scratchDir, 'deploy.lock');

/** What CloudFormation may do where nothing is said, said: the emulator makes a role without any right of it. */
const ADMINISTRATOR = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
/** How many of the CLI's last lines an error shows. */
const LAST_LINES = 15;
/** The version parameter that `cdk bootstrap` writes last: docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_VERSION = '/cdk-bootstrap/hnb659fds/version';

/**
 * Deploys all stacks of a CDK app to a local cloud with the real CDK CLI, when nobody else deploys to it. If the
 * account has not been bootstrapped yet, this does it while the app is synthesised.
 * @throws ReleaseError `LocalCloudFailed` with the CLI's last lines
 */
export const deployApp = (options: DeployAppOptions): Promise<void> =>
  whileLocked(deployLock(options.cloud), () => deploy(options), options.onWait);

async function deploy({ cloud, app, log = () => {} }: DeployAppOptions): Promise<void> {
  const python = await ensureVenv({ directory: VENV, log });
  const output = join(cloud.scratchDir, 'cdk.out');
  const cdk = (...args: string[]) => runCdk(args, { cloud, app, python, log });
  const context = Object.entries(app.context ?? {}).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  const source = [...(app.command ? ['--app', app.command] : []), '--output', output, ...context];
  // Without a change set: nobody looks at it, and it costs two more polls.
  const deployAll = ['deploy', '--all', '--require-approval', 'never', '--method', 'direct', '--progress', 'events'];
  if (await isBootstrapped(cloud)) return cdk(...deployAll, ...source);
  // With an empty --app: the app in cdk.json would be synthesised too, and hold the lock that our synthesis needs.
  const bootstrap = cdk('bootstrap', `aws://${cloud.accountId}/${cloud.region}`, '--app', '', ...ADMINISTRATOR);
  await allOrFirstError([bootstrap, cdk('synth', '--quiet', ...source)]);
  await cdk(...deployAll, '--app', output);
}

interface CdkRun extends Required<Omit<DeployAppOptions, 'onWait'>> {
  /** The Python that guards the process. */
  readonly python: string;
}

async function runCdk(args: readonly string[], { cloud, app, python, log }: CdkRun): Promise<void> {
  const program = require.resolve('aws-cdk/bin/cdk');
  const run = startGuarded([process.execPath, program, ...args, '--no-notices', '--no-color'], {
    python,
    cwd: app.directory,
    graceSeconds: 2,
    env: {
      ...machineEnvironment(),
      ...compileCache(COMPILED),
      ...cloud.environment,
      ...app.environment,
      TMPDIR: join(cloud.scratchDir, 'tmp'), // made with the cloud; the CLI leaves directories behind
      CDK_HOME: join(cloud.scratchDir, 'cdk-home'), // what the CLI remembers of accounts must not outlive this one
      CDK_DISABLE_CLI_TELEMETRY: 'true',
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

/** Waits for all of it, so that nothing is left running, then throws the first error. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

async function isBootstrapped({ endpoint, accountId, region, root }: DeployTarget): Promise<boolean> {
  const client = rootClient({ endpoint, root });
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
