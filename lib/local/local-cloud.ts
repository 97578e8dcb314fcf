import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ReleaseError } from '../core/errors';
import { CodeBuild } from './codebuild/code-build';
import { codeCommit } from './codecommit/code-commit';
import { gitHttp, REPOSITORIES_PATH } from './codecommit/git-http';
import { ReferenceEvents } from './codecommit/reference-events';
import { Repositories } from './codecommit/repositories';
import { EmulatorClient } from './emulator-client';
import { eventDelivery } from './event-delivery';
import { Gateway } from './gateway/gateway';
import { type GuardedProcess, startGuarded } from './process-guard';
import { ensureVenv } from './python-venv';

/** The checkout that this file belongs to. */
export const CHECKOUT = resolve(__dirname, '../..');
/** Where the local cloud's Python environment is. */
export const VENV = join(CHECKOUT, '.seedbed', 'venv');
const ACCOUNT = '111122223333';

/** How to start a local cloud. */
export interface LocalCloudOptions {
  /** Names the instance; several may run side by side. `default` if not given. */
  readonly name?: string;
  /** Port of the gateway on loopback; any free one if not given. */
  readonly port?: number;
  readonly region?: string;
  /** Directory for what outlives the process (log, repositories, synthesised app); in the scratch directory if not given. */
  readonly stateDir?: string;
  readonly log?: (line: string) => void;
}

/** A running local cloud. */
export interface LocalCloud {
  readonly name: string;
  /** The AWS endpoint for everything. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly stateDir: string;
  /** Removed when the cloud stops, however it stops. Outside the checkout, or node would find our modules from there. */
  readonly scratchDir: string;
  /** Process ids: of this process, which is the gateway, and of the emulator's guard. */
  readonly pids: { readonly gateway: number; readonly emulator: number };
  /** Environment that points any AWS tool or SDK at this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when the emulator has ended, stopped or not. */
  readonly ended: Promise<unknown>;
  /** Ends every process, frees the ports and removes the scratch directory. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the local cloud within this process: the gateway, and behind it the emulator as a guarded child.
 * @throws ReleaseError `LocalCloudFailed` if Python is missing, the port is taken or the emulator does not start
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const name = options.name ?? 'default';
  const region = options.region ?? 'us-east-1';
  const python = await ensureVenv({ directory: VENV, log: options.log });
  const gateway = new Gateway(ACCOUNT, region);
  const port = await gateway.listen(options.port ?? 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const scratchDir = await mkdtemp(join(tmpdir(), `seedbed-${name}-`));
  const stateDir = options.stateDir ?? join(scratchDir, 'state');
  await mkdir(stateDir, { recursive: true });

  const emulatorPort = await freePort();
  const eventsKey = randomBytes(16).toString('hex');
  const emulator = await startEmulator({
    python,
    endpoint,
    port,
    emulatorPort,
    region,
    scratchDir,
    stateDir,
    eventsKey,
  });
  const client = new EmulatorClient(emulatorPort);
  gateway.connect(client, emulatorPort);
  const emit = eventDelivery(client, eventsKey);
  const home = { accountId: ACCOUNT, region };
  const repositories = new Repositories(join(stateDir, 'repositories'), endpoint);
  const events = new ReferenceEvents(repositories, home, emit);
  gateway.add(codeCommit({ repositories, events, home, endpoint }));
  gateway.handle(REPOSITORIES_PATH, gitHttp(repositories));
  gateway.handle('/_seedbed/pushed', events.receive);
  const builds = join(scratchDir, 'builds');
  const codeBuild = new CodeBuild({ emulator: client, endpoint, checkout: CHECKOUT, scratchDir: builds, python }, emit);
  gateway.add(codeBuild);

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await codeBuild.stopAll();
    await gateway.close();
    client.close();
    await emulator.stop();
    await rm(scratchDir, { recursive: true, force: true });
  };
  return {
    name,
    endpoint,
    region,
    accountId: ACCOUNT,
    stateDir,
    scratchDir,
    pids: { gateway: process.pid, emulator: emulator.pid },
    environment: awsEnvironment(endpoint, region),
    ended: emulator.ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** @returns variables that point any AWS tool or SDK at a local cloud, with its account's credentials. */
export const awsEnvironment = (endpoint: string, region: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: ACCOUNT,
  AWS_SECRET_ACCESS_KEY: 'local',
});

interface EmulatorOptions {
  readonly python: string;
  readonly endpoint: string;
  readonly port: number;
  readonly emulatorPort: number;
  readonly region: string;
  readonly scratchDir: string;
  readonly stateDir: string;
  readonly eventsKey: string;
}

async function startEmulator(options: EmulatorOptions): Promise<GuardedProcess> {
  const { python, endpoint, scratchDir, stateDir } = options;
  const temporary = join(scratchDir, 'tmp');
  await mkdir(temporary);
  const logFile = join(stateDir, 'emulator.log');
  const emulator = startGuarded([python, join(__dirname, 'launcher.py')], {
    python,
    cwd: scratchDir,
    graceSeconds: 2,
    remove: [scratchDir],
    env: {
      ...withoutAws(process.env),
      ...awsEnvironment(endpoint, options.region),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(options.port),
      SEEDBED_BIND_PORT: String(options.emulatorPort),
      SEEDBED_EVENTS_KEY: options.eventsKey,
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: options.region,
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
  const log = createWriteStream(logFile, { flags: 'a' });
  emulator.stdout.pipe(log, { end: false });
  emulator.stderr.pipe(log, { end: false });
  const logged = emulator.ended.then(() => new Promise<void>((done) => log.end(done)));
  const answered = await untilAnswers(options.emulatorPort, emulator);
  if (answered) return emulator;
  await emulator.stop();
  await logged;
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-8).join('\n  ');
  throw new ReleaseError('LocalCloudFailed', `the emulator did not start; its last lines:\n  ${lines}`);
}

/** The AWS SDK v3 that Lambda's Node runtimes bring along, and nothing else of our modules. */
async function runtimeModules(scratchDir: string): Promise<string> {
  const modules = join(scratchDir, 'runtime', 'node_modules');
  await mkdir(modules, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy'])
    await symlink(join(CHECKOUT, 'node_modules', scope), join(modules, scope));
  return modules;
}

/** Without the user's AWS settings: nothing here may reach a real account. */
export const withoutAws = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('AWS_') || key === 'AWS_CA_BUNDLE'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Asks until the emulator answers, it has ended, or 30 s are over. @returns whether it answers */
async function untilAnswers(port: number, emulator: GuardedProcess): Promise<boolean> {
  let running = true;
  const over = () => {
    running = false;
  };
  emulator.ended.then(over, over);
  const deadline = Date.now() + 30_000;
  while (running && Date.now() < deadline) {
    if (await answers(port)) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

/** @returns whether an emulator answers on this loopback port. */
const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const request = httpRequest({ host: '127.0.0.1', port, path: '/_ministack/health', timeout: 2000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    request.on('error', () => done(false));
    request.on('timeout', () => request.destroy());
    request.end();
  });
