import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ReleaseError } from '../core/contracts/errors';
import { IN_CHECKOUT, PROJECT } from './emulator/checkout';
import {
  type Instance,
  instanceDirectory,
  instanceLock,
  isUpAlready,
  readInstance,
  requireInstance,
  waitingFor,
} from './instance';
import { whileLocked } from './processes/while-locked';
import type { QuotaSettings } from './quotas/account-quotas';

/** How to start a local cloud in the background. */
export interface StartInstanceOptions {
  readonly port?: number;
  readonly region?: string;
  /** By how much CodeDeploy's time and that of CloudWatch's alarms is compressed; 1 if not given. */
  readonly speed?: number;
  /** Quotas other than those that AWS gives. */
  readonly quotas?: QuotaSettings;
  readonly log?: (line: string) => void;
}

/** What the background process says while it starts. */
export type ServeMessage =
  | { readonly log: string }
  | { readonly up: true }
  | { readonly error: string; readonly code: string };

/** A local cloud that is up. */
export interface FoundOrStarted {
  readonly instance: Instance;
  /** Whether it was started here; otherwise it was up before, or another process started it meanwhile. */
  readonly started: boolean;
}

/**
 * Starts a local cloud as a process of its own, which outlives this one.
 * @throws ReleaseError `LocalCloudFailed` as {@link startLocalCloud}, with its last lines if it ends unexpectedly, or
 * if one with this name is up
 */
export async function startInstance(name: string, options: StartInstanceOptions = {}): Promise<Instance> {
  const { instance } = await findOrStartInstance(name, options, () => {
    throw isUpAlready(name);
  });
  return instance;
}

/**
 * Starts a local cloud as {@link startInstance}, unless it is up. Of several processes that ask at the same moment one
 * starts it, and the others wait for it.
 * @param accept given the one that is up; what it throws is thrown
 */
export function findOrStartInstance(
  name: string,
  options: StartInstanceOptions,
  accept: (existing: Instance) => void,
): Promise<FoundOrStarted> {
  const work = async () => {
    const existing = await readInstance(name);
    if (!existing) return { instance: await start(name, options), started: true };
    accept(existing);
    return { instance: existing, started: false };
  };
  return whileLocked(instanceLock(name), work, waitingFor(name, options.log));
}

async function start(name: string, options: StartInstanceOptions): Promise<Instance> {
  const directory = instanceDirectory(name);
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, 'local.log');
  const log = await open(logFile, 'w');
  const { port = 0, region = 'us-east-1', speed = 1, quotas = {} } = options;
  const arguments_ = [name, String(port), region, String(speed), JSON.stringify(quotas)];
  const child = fork(join(__dirname, `serve${extname(__filename)}`), arguments_, {
    cwd: PROJECT,
    detached: true,
    execArgv: IN_CHECKOUT ? ['-r', 'tsx/cjs'] : [],
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  let failed = true;
  let told = false;
  const stopIfInterrupted = () => child.kill('SIGTERM');
  process.once('exit', stopIfInterrupted);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: ServeMessage) => {
        if ('log' in message) return options.log?.(message.log);
        if ('up' in message) return resolve();
        told = true;
        reject(new ReleaseError('LocalCloudFailed', message.error));
      });
      // Its last message may arrive after we learn of its end, but not after the channel has closed.
      Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
        ([[status]]) =>
          reject(new ReleaseError('LocalCloudFailed', `the local cloud ended with status ${status}: see ${logFile}`)),
        reject,
      );
    });
    failed = false;
    return await requireInstance(name);
  } finally {
    await log.close();
    if (child.connected) child.disconnect();
    child.unref();
    if (told) await rm(logFile, { force: true });
    if (failed) await rmdir(directory).catch(() => undefined); // unless it holds other files
    process.off('exit', stopIfInterrupted);
  }
}
