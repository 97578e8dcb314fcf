import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asGateway } from './calls/authorize';
import { EmulatorClient } from './calls/emulator-client';
import { eventDelivery } from './calls/event-delivery';
import { logUnforeseen, type ReportUnforeseen } from './calls/unforeseen';
import { CodeBuild } from './codebuild/code-build';
import { codeCommit } from './codecommit/code-commit';
import { gitHttp, REPOSITORIES_PATH } from './codecommit/git-http';
import { ReferenceEvents } from './codecommit/reference-events';
import { PUSHED_PATH, Repositories } from './codecommit/repositories';
import { CodeDeploy } from './codedeploy/code-deploy';
import { COMPILED, PROJECT, VENV } from './emulator/checkout';
import { startEmulator } from './emulator/emulator';
import { ensureVenv } from './emulator/python-venv';
import type { CallCount } from './gateway/call-log';
import { Gateway } from './gateway/gateway';
import { RateLimits, type RateSecond } from './gateway/rate-limits';
import { GitHub } from './github/github';
import { GITHUB_PATH, githubApiUrl } from './github/http/paths';
import type { Pace } from './pace/pace';
import { type Clock, SYSTEM_CLOCK } from './processes/clock';
import { forgetCompiled } from './processes/compile-cache';
import { ACCOUNT, awsEnvironment, type Credentials } from './processes/environments';
import { AccountQuotas, type QuotaSettings } from './quotas/account-quotas';
import { serviceQuotas } from './servicequotas/service-quotas';

/** How to start a local cloud. */
export interface LocalCloudOptions {
  /** Names the instance; several may run side by side. `default` if not given. */
  readonly name?: string;
  /** Port of the gateway on loopback; any free one if not given. */
  readonly port?: number;
  readonly region?: string;
  /**
   * By how much CodeDeploy's time and that of CloudWatch's alarms is compressed: at 60 a minute takes a second. 1 if
   * not given.
   */
  readonly speed?: number;
  /** By which CodeDeploy and GitHub go; the system's if not given. Of the emulator see `clockFile`. */
  readonly clock?: Clock;
  /** File with the time, in seconds since 1970, by which CloudWatch goes; the system's clock if not given. */
  readonly clockFile?: string;
  /** Quotas other than those that AWS gives. */
  readonly quotas?: QuotaSettings;
  /** Milliseconds of a clock that never goes back, by which calls are counted; the machine's if not given. */
  readonly rateClock?: () => number;
  /** File to which what is judged of rights is written, for a second judge. */
  readonly judgementsFile?: string;
  /** How long a minute of the time that a build may take is, in milliseconds; a minute if not given. */
  readonly buildMinute?: number;
  /** What a build waits for when its commands have ended, before it ends itself; nothing if not given. */
  readonly buildMayEnd?: () => Promise<void>;
  /** Directory for what outlives the cloud, such as the emulator's log; in the scratch directory if not given. */
  readonly stateDir?: string;
  readonly log?: (line: string) => void;
  /** Told of errors that nobody foresaw; they go to the standard error if it is not given. */
  readonly report?: ReportUnforeseen;
}

/** A running local cloud. */
export interface LocalCloud {
  readonly name: string;
  /** The AWS endpoint for everything. */
  readonly endpoint: string;
  /** Base of the REST API of the double of GitHub. */
  readonly githubApiUrl: string;
  readonly region: string;
  readonly accountId: string;
  /**
   * Credentials of the account's root, with a secret that nobody can guess. The access key of any other account's root
   * is its number, with the same secret.
   */
  readonly root: Credentials;
  readonly speed: number;
  readonly stateDir: string;
  /**
   * Removed when the cloud stops, however it stops. It is outside the checkout, or node would find our modules from
   * there.
   */
  readonly scratchDir: string;
  /** Process ids: of this process, which is the gateway, and of the emulator's guard. */
  readonly pids: { readonly gateway: number; readonly emulator: number };
  /** Environment variables that point any AWS tool or SDK at this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** @returns the calls since the start or the last `POST /_seedbed/calls`, by operation and caller. */
  calls(): Promise<readonly CallCount[]>;
  /** @returns the calls that have rates, by second, of the last while. */
  rates(): readonly RateSecond[];
  /** Sets how long things take from now on, beside what the local cloud itself needs; nothing more if undefined. */
  setPace(pace: Pace | undefined): Promise<void>;
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
  const speed = options.speed ?? 1;
  const report = options.report ?? logUnforeseen;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const python = await ensureVenv({ directory: VENV, log: options.log });
  await forgetCompiled(COMPILED, Date.now());
  const quotas = new AccountQuotas(options.quotas);
  const rates = new RateLimits(quotas, options.rateClock ?? (() => performance.now()));
  const gateway = new Gateway(ACCOUNT, region, report, rates);
  const port = await gateway.listen(options.port ?? 0);
  const endpoint = `http://127.0.0.1:${port}`;
  const scratchDir = await mkdtemp(join(tmpdir(), `seedbed-${name}-`));
  const stateDir = options.stateDir ?? join(scratchDir, 'state');
  await mkdir(stateDir, { recursive: true });

  const [gatewayKey, doorKey] = [randomKey(), randomKey()];
  const root: Credentials = { accessKeyId: ACCOUNT, secretAccessKey: randomKey() };
  const { process: emulator, port: emulatorPort } = await startEmulator({
    python,
    endpoint,
    port,
    region,
    scratchDir,
    stateDir,
    gatewayKey,
    doorKey,
    root,
    speed,
    clockFile: options.clockFile,
    judgementsFile: options.judgementsFile,
    quotas: quotas.describeAmounts(),
  }).catch(async (error) => {
    await gateway.close();
    await rm(scratchDir, { recursive: true, force: true });
    throw error;
  });
  const client = new EmulatorClient(emulatorPort, asGateway({ gatewayKey, doorKey }));
  gateway.connect(client, { port: emulatorPort, doorKey, guard: emulator.pid });
  const emit = eventDelivery(client);
  const home = { accountId: ACCOUNT, region };
  const repositories = new Repositories(join(scratchDir, 'repositories'), endpoint);
  const events = new ReferenceEvents(repositories, home, emit);
  gateway.add(codeCommit({ repositories, home, endpoint }));
  gateway.handle(REPOSITORIES_PATH, gitHttp(repositories));
  gateway.handle(PUSHED_PATH, events.receive);
  const builds = join(scratchDir, 'builds');
  const host = { emulator: client, endpoint, checkout: PROJECT, compiled: COMPILED, scratchDir: builds, python };
  const codeBuild = new CodeBuild(host, emit, quotas, report, options.buildMinute, options.buildMayEnd);
  gateway.add(codeBuild);
  gateway.add(serviceQuotas(quotas));
  const codeDeploy = new CodeDeploy({ emulator: client, emit, speed, clock, report });
  gateway.add(codeDeploy);
  const contentLimits = {
    contentPerMinute: quotas.amount('github-content-a-minute', ACCOUNT),
    contentPerHour: quotas.amount('github-content-an-hour', ACCOUNT),
  };
  const github = new GitHub({ root: join(scratchDir, 'github'), endpoint, clock, report, limits: contentLimits });
  gateway.handle(GITHUB_PATH, github.answer);
  gateway.handle('/_seedbed/status', async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name, pid: process.pid, pace: gateway.paced.pace }));
  });

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all([codeBuild.stopAll(), codeDeploy.stopAll(), github.stop()]);
    await gateway.close();
    client.close();
    await emulator.stop();
    await rm(scratchDir, { recursive: true, force: true });
  };
  return {
    name,
    endpoint,
    githubApiUrl: githubApiUrl(endpoint),
    region,
    accountId: ACCOUNT,
    root,
    speed,
    stateDir,
    scratchDir,
    pids: { gateway: process.pid, emulator: emulator.pid },
    environment: awsEnvironment(endpoint, region, root),
    calls: () => gateway.calls.read(),
    rates: () => rates.seconds(),
    setPace: (pace) => gateway.paced.set(pace),
    ended: emulator.ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

const randomKey = () => randomBytes(20).toString('hex');
