import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { ReleaseError } from '../core/contracts/errors';
import { SEEDBED_DIR } from './emulator/checkout';
import { githubApiUrl } from './github/http/paths';
import { Pace } from './pace/pace';
import { ACCOUNT, awsEnvironment } from './processes/environments';
import { isAlive } from './processes/is-alive';
import { whileLocked } from './processes/while-locked';
import { QuotaSettings } from './quotas/account-quotas';

/** What a local cloud in the background writes about itself into a file. */
const InstanceFile = z.object({
  name: z.string(),
  endpoint: z.string(),
  region: z.string(),
  accountId: z.string(),
  /** Of the account's root; of a cloud that an older version has started, its signature was not verified. */
  root: z
    .object({ accessKeyId: z.string(), secretAccessKey: z.string() })
    .default({ accessKeyId: ACCOUNT, secretAccessKey: 'local' }),
  /** By how much the time of CodeDeploy and CloudWatch's alarms is compressed. */
  speed: z.number().default(1),
  /** Those that are not as AWS gives them. */
  quotas: QuotaSettings.default({}),
  stateDir: z.string(),
  scratchDir: z.string(),
  pids: z.object({ gateway: z.number(), emulator: z.number() }),
  startedAt: z.string(),
});

/** A local cloud in the background. */
export interface Instance extends Readonly<z.infer<typeof InstanceFile>> {
  /** Environment variables that point any AWS tool or SDK at it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Base of the REST API of its double of GitHub. */
  readonly githubApiUrl: string;
  /** Whether its gateway answered just now. */
  readonly answers: boolean;
  /** How long things take in it now, beside what it needs itself; `null` if nothing is slowed down. */
  readonly pace: Pace | null;
}

/** What a gateway says about itself. */
const Status = z.object({ pid: z.number(), pace: Pace.nullish() });

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const PATIENCE_MS = 15_000;

/**
 * @returns the directory of an instance, for its state file, its log, and what else belongs to it
 * @throws ReleaseError `LocalCloudFailed` if the name cannot name a directory
 */
export function instanceDirectory(name: string): string {
  if (!NAME.test(name))
    throw new ReleaseError(
      'LocalCloudFailed',
      `"${name}" cannot name a local cloud: use lower-case letters, digits and "-", starting with a letter, at most 32`,
    );
  return join(SEEDBED_DIR, 'local', name);
}

/** @returns a command's option that names an instance, after a space; an empty string for the default instance. */
export const nameOption = (name: string): string => (name === 'default' ? '' : ` --name ${name}`);

/** @returns the state file of the instance in `directory`. */
export const instanceFile = (directory: string): string => join(directory, 'instance.json');

/**
 * @returns the lock of whoever starts or stops this instance; it is beside its directory, which goes when the instance
 * is stopped
 */
export const instanceLock = (name: string): string => `${instanceDirectory(name)}.lock`;

/** @returns what tells of waiting for {@link instanceLock}. */
export const waitingFor =
  (name: string, log: (line: string) => void = () => undefined) =>
  (owner: number): void =>
    log(
      `waiting for process ${owner}, which starts or stops the local cloud "${name}"; ` +
        `if it does not, remove ${instanceLock(name)}`,
    );

/** @returns the error of whoever is to start an instance that is up. */
export const isUpAlready = (name: string): ReleaseError =>
  new ReleaseError(
    'LocalCloudFailed',
    `the local cloud "${name}" is up already: stop it first with: npx seedbed local down${nameOption(name)}`,
  );

/**
 * Reads an instance's file. A file that a crashed instance left behind is removed.
 * @returns the instance with this name, or undefined if none is up
 */
export async function readInstance(name: string): Promise<Instance | undefined> {
  const file = instanceFile(instanceDirectory(name));
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = InstanceFile.safeParse(JSON.parse(text));
  if (parsed.success && isAlive(parsed.data.pids.gateway)) {
    const { endpoint, region, root, pids } = parsed.data;
    const status = await statusOf(endpoint);
    const answers = status?.pid === pids.gateway;
    // Another program with this process id would not answer as our gateway. If ours hangs, its emulator is still alive.
    if (answers || isAlive(pids.emulator))
      return {
        ...parsed.data,
        environment: awsEnvironment(endpoint, region, root),
        githubApiUrl: githubApiUrl(endpoint),
        answers,
        pace: status?.pace ?? null,
      };
  }
  await rm(file, { force: true });
  if (parsed.success) await rm(parsed.data.scratchDir, { recursive: true, force: true });
  return undefined;
}

/**
 * @param otherwise what else to do if it is not up, after how to start it
 * @returns the instance with this name
 * @throws ReleaseError `LocalCloudFailed` with how to start it if it is not up or does not answer
 */
export async function requireInstance(name: string, otherwise = ''): Promise<Instance> {
  const instance = await readInstance(name);
  const option = nameOption(name);
  if (!instance)
    throw new ReleaseError(
      'LocalCloudFailed',
      `the local cloud "${name}" is not up: start it with: npx seedbed local up${option}${otherwise}`,
    );
  if (!instance.answers)
    throw new ReleaseError(
      'LocalCloudFailed',
      `the local cloud "${name}" does not answer at ${instance.endpoint}: start it again with: ` +
        `npx seedbed local down${option} && npx seedbed local up${option}`,
    );
  return instance;
}

/**
 * Stops an instance and waits until its processes are gone. One that is just being started is stopped when it is up.
 * @returns whether there was one
 */
export async function stopInstance(name: string, log?: (line: string) => void): Promise<boolean> {
  const lock = instanceLock(name);
  if (!existsSync(dirname(lock))) return false; // and nothing is made there
  return whileLocked(lock, () => stop(name), waitingFor(name, log));
}

async function stop(name: string): Promise<boolean> {
  const instance = await readInstance(name);
  if (!instance) return false;
  const { gateway, emulator } = instance.pids;
  signal(gateway, 'SIGTERM');
  // When the gateway is killed, the guards of builds and emulator notice it and end them.
  if (!(await isGone(gateway))) signal(gateway, 'SIGKILL');
  if (!(await isGone(emulator))) signal(emulator, 'SIGKILL');
  await rm(instance.scratchDir, { recursive: true, force: true });
  await rm(instance.stateDir, { recursive: true, force: true });
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + PATIENCE_MS; isAlive(pid); await pause(20)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

const statusOf = (endpoint: string): Promise<z.infer<typeof Status> | undefined> =>
  fetch(`${endpoint}/_seedbed/status`, { signal: AbortSignal.timeout(2000) })
    .then(async (response) => Status.parse(await response.json()))
    .catch(() => undefined);

/** @throws ReleaseError `LocalCloudFailed` if the local cloud does not take it */
async function setPace({ name, endpoint }: Instance, pace: Pace | null): Promise<void> {
  const response = await fetch(`${endpoint}/_seedbed/pace`, {
    method: pace ? 'PUT' : 'DELETE',
    body: pace && JSON.stringify(pace),
  });
  if (response.ok) return;
  throw new ReleaseError('LocalCloudFailed', `the local cloud "${name}" takes no pace: ${await response.text()}`);
}

/**
 * Does something at no pace, such as deploying the platform, for which nobody wants to wait as long as on AWS.
 * @param afterwards the pace after that; the one that the instance had if it is not given
 */
export async function withoutPace<T>(
  instance: Instance,
  work: () => Promise<T>,
  afterwards: Pace | null = instance.pace,
): Promise<T> {
  if (instance.pace) await setPace(instance, null);
  const again = async () => (afterwards ? setPace(instance, afterwards) : undefined);
  const done = await work().catch(async (error: unknown) => {
    await again().catch(() => undefined); // what went wrong first is what is told
    throw error;
  });
  await again();
  return done;
}
