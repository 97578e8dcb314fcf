import { fork } from 'node:child_process';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../core/errors';
import { CHECKOUT } from './checkout';
import { type Instance, instanceDirectory, requireInstance } from './instance';

/** How to start a local cloud in the background. */
export interface StartInstanceOptions {
  readonly port?: number;
  readonly region?: string;
  readonly log?: (line: string) => void;
}

/** What the background process says while it starts. */
export type ServeMessage =
  | { readonly log: string }
  | { readonly up: true }
  | { readonly error: string; readonly code: string };

/**
 * Starts a local cloud as a process of its own, which stays when this one ends.
 * @throws ReleaseError `LocalCloudFailed` as {@link startLocalCloud}, or with its last lines if it ends unexpectedly
 */
export async function startInstance(name: string, options: StartInstanceOptions = {}): Promise<Instance> {
  const directory = instanceDirectory(name);
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, 'local.log');
  const log = await open(logFile, 'w');
  const child = fork(join(__dirname, 'serve.ts'), [name, String(options.port ?? 0), options.region ?? 'us-east-1'], {
    cwd: CHECKOUT,
    detached: true,
    execArgv: ['-r', 'tsx/cjs'],
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  let failed = true;
  const stopIfInterrupted = () => child.kill('SIGTERM');
  process.once('exit', stopIfInterrupted);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: ServeMessage) => {
        if ('log' in message) options.log?.(message.log);
        else if ('up' in message) resolve();
        else void rm(logFile, { force: true }).then(() => reject(new ReleaseError('LocalCloudFailed', message.error)));
      });
      child.once('error', reject);
      child.once('exit', (status) =>
        reject(new ReleaseError('LocalCloudFailed', `the local cloud ended with status ${status}: see ${logFile}`)),
      );
    });
    failed = false;
  } finally {
    process.off('exit', stopIfInterrupted);
    await log.close();
    if (child.connected) child.disconnect();
    child.unref();
    if (failed) await rmdir(directory).catch(() => undefined); // if nothing but ours was to be there
  }
  return requireInstance(name);
}
