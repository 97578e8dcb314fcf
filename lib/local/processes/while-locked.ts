import { rmSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive';

const PAUSE = 200;

/**
 * Does some work while no other process on this machine does work under the same lock; waits for it if one does.
 * @param file the lock: holds the process id of who has it; one that a crashed process left is taken over
 * @param onWait called once if it has to wait, with the process id of who has the lock
 */
export async function whileLocked<T>(
  file: string,
  work: () => Promise<T>,
  onWait?: (owner: number) => void,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  for (let told = false; ; await sleep(PAUSE)) {
    const owner = await take(file);
    if (owner === 'ours') break;
    if (owner === 'unknown' || told) continue;
    onWait?.(owner);
    told = true;
  }
  const freeAtExit = () => rmSync(file, { force: true });
  process.once('exit', freeAtExit);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
    process.off('exit', freeAtExit);
  }
}

/** @returns the process id of who has the lock; unknown if whoever had it is gone, or is just writing his. */
async function take(file: string): Promise<'ours' | 'unknown' | number> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return 'ours';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (!(owner > 0)) return 'unknown';
  if (isAlive(owner)) return owner;
  await rm(file, { force: true });
  return 'unknown';
}
