import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whileLocked } from '../../../lib/local/processes/while-locked';

let directory: string;
let lock: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seedbed-test-'));
  lock = join(directory, 'lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('work under a lock', () => {
  it('does not run beside other work', async () => {
    const log: string[] = [];
    const work = (name: string) =>
      whileLocked(lock, async () => {
        log.push(`${name} begins`);
        await new Promise(setImmediate);
        log.push(`${name} ends`);
      });
    await Promise.all([work('a'), work('b')]);
    const [first, second] = log[0] === 'a begins' ? ['a', 'b'] : ['b', 'a'];
    expect(log).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  });

  it('frees the lock when it fails', async () => {
    await expect(whileLocked(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(lock, '999999999');
    expect(await whileLocked(lock, async () => 'done')).toBe('done');
  });

  it('says once whom it waits for', async () => {
    const onWait = jest.fn();
    let second: Promise<string> | undefined;
    await whileLocked(lock, async () => {
      second = whileLocked(lock, async () => 'done', onWait);
      while (onWait.mock.calls.length === 0) await new Promise(setImmediate);
    });
    expect(await second).toBe('done');
    expect(onWait.mock.calls).toEqual([[process.pid]]);
  });

  it('waits for nobody if the lock is free', async () => {
    const onWait = jest.fn();
    await whileLocked(lock, async () => 'done', onWait);
    expect(onWait).not.toHaveBeenCalled();
  });
});
