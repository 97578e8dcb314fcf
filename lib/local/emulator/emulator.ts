import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ReleaseError } from '../../core/contracts/errors';
import { DOOR } from '../calls/authorize';
import { ACCOUNT, awsEnvironment, type Credentials, machineEnvironment } from '../processes/environments';
import { type GuardedProcess, startGuarded } from '../processes/process-guard';
import type { AccountQuotas } from '../quotas/account-quotas';
import { sdkModules } from './checkout';

/** How to start the emulator. */
export interface EmulatorOptions {
  readonly python: string;
  readonly endpoint: string;
  /** The gateway's port, which the emulator puts into the addresses that it returns. */
  readonly port: number;
  readonly region: string;
  readonly scratchDir: string;
  readonly stateDir: string;
  /** What the gateway shows the emulator: it may put events of `aws.*` sources, and speak for others. */
  readonly gatewayKey: string;
  /** What whatever comes through the gateway shows the emulator, which answers nothing else. */
  readonly doorKey: string;
  /** Of the account's root. The roots of all other accounts sign with the same secret. */
  readonly root: Credentials;
  /** By how much the periods of CloudWatch's alarms are compressed: at 60 a minute takes a second. */
  readonly speed: number;
  /** File with the time, in seconds since 1970, by which CloudWatch goes; the system's clock if not given. */
  readonly clockFile?: string;
  /** File to which what is judged is written, with the policies it was judged by; nowhere if not given. */
  readonly judgementsFile?: string;
  /** How much accounts may have, as `quotas.py` reads it. */
  readonly quotas: ReturnType<AccountQuotas['describeAmounts']>;
}

/** A running emulator. */
export interface Emulator {
  readonly process: GuardedProcess;
  /** The port on loopback where it listens. */
  readonly port: number;
}

const ATTEMPTS = 3;

/**
 * Starts MiniStack through our launcher, as a guarded child with a home in the scratch directory.
 * @throws ReleaseError `LocalCloudFailed` with its last lines if it does not answer
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryToStart(options, await freePort());
    if ('port' in started) return started;
    // Another program may take the port between our finding it free and the emulator's listening on it.
    if (attempt === ATTEMPTS || !started.lastLines.includes('already in use'))
      throw new ReleaseError('LocalCloudFailed', `the emulator did not start; its last lines:\n  ${started.lastLines}`);
  }
}

async function tryToStart(options: EmulatorOptions, port: number): Promise<Emulator | { readonly lastLines: string }> {
  const { python, endpoint, scratchDir, stateDir } = options;
  const nonce = randomUUID();
  const temporary = join(scratchDir, 'tmp');
  for (const directory of [temporary, stateDir]) await mkdir(directory, { recursive: true });
  const emulator = startGuarded([python, join(__dirname, 'launcher.py')], {
    python,
    cwd: scratchDir,
    graceSeconds: 2,
    remove: [scratchDir],
    env: {
      ...machineEnvironment(),
      ...awsEnvironment(endpoint, options.region, options.root),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(options.port),
      SEEDBED_BIND_PORT: String(port),
      SEEDBED_GATEWAY_KEY: options.gatewayKey,
      SEEDBED_DOOR_KEY: options.doorKey,
      SEEDBED_SPEED: String(options.speed),
      ...(options.clockFile !== undefined && { SEEDBED_CLOCK_FILE: options.clockFile }),
      ...(options.judgementsFile !== undefined && { SEEDBED_JUDGEMENTS: options.judgementsFile }),
      SEEDBED_QUOTAS: JSON.stringify(options.quotas),
      AUTH: 'true', // judges every call by the policies that are deployed
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: options.region,
      MINISTACK_EDITION: nonce, // its health check returns this, which shows that the emulator that answers is ours
      LAMBDA_EXECUTOR: 'local',
      LOG_LEVEL: 'WARNING',
      DOCKER_HOST: `unix://${join(temporary, 'no-docker.sock')}`, // never touch the user's containers
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      TMPDIR: temporary,
      STATE_DIR: join(temporary, 'state'),
      S3_DATA_DIR: join(temporary, 's3'),
      NODE_PATH: await runtimeModules(scratchDir),
    },
  });
  const log = createWriteStream(join(stateDir, 'emulator.log'));
  log.on('error', () => undefined); // it may be in the scratch directory, which is removed first
  let last = '';
  for (const stream of [emulator.stdout, emulator.stderr]) {
    stream.on('data', (text: Buffer) => {
      log.write(text);
      last = `${last}${text.toString('utf8')}`.slice(-2000);
    });
  }
  const endLog = () => log.end();
  emulator.ended.then(endLog, endLog);
  if (await untilAnswers({ port, doorKey: options.doorKey, nonce }, emulator)) return { process: emulator, port };
  await emulator.stop();
  return { lastLines: last.trim().split('\n').slice(-8).join('\n  ') };
}

/** Gives functions the AWS SDK v3 that Lambda's Node runtimes have, and no other module of ours. */
async function runtimeModules(scratchDir: string): Promise<string> {
  const modules = join(scratchDir, 'runtime', 'node_modules');
  await mkdir(modules, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) await symlink(join(sdkModules(), scope), join(modules, scope));
  return modules;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening'); // rejects if it cannot
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Where an emulator should answer, and as what. */
interface Expected {
  readonly port: number;
  readonly doorKey: string;
  readonly nonce: string;
}

/**
 * Asks the emulator until it answers, it has ended, or two minutes have passed: a busy machine is slow to start it.
 * @returns whether it answers
 */
async function untilAnswers(expected: Expected, emulator: GuardedProcess): Promise<boolean> {
  let running = true;
  const over = () => {
    running = false;
  };
  emulator.ended.then(over, over);
  const deadline = Date.now() + 120_000;
  while (running && Date.now() < deadline) {
    if (await answers(expected)) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

/** @returns whether the emulator with this nonce answers. */
const answers = ({ port, doorKey, nonce }: Expected): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/_ministack/health`, {
    headers: { [DOOR]: doorKey },
    signal: AbortSignal.timeout(2000),
  })
    .then(async (response) => ((await response.json()) as { edition?: string }).edition === nonce)
    .catch(() => false);
