import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  instanceDirectory,
  instanceLock,
  readInstance,
  requireInstance,
  stopInstance,
  withoutPace,
} from '../../lib/local/instance';
import { awsPace } from '../../lib/local/pace/pace';
import { findOrStartInstance, startInstance } from '../../lib/local/start-instance';
import { eventually, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const gone = (...pids: number[]) => eventually(async () => !pids.some(isAlive) || undefined);
const refuses = (endpoint: string) =>
  fetch(endpoint).then(
    () => false,
    () => true,
  );
/** Process ids of the gateways in the background that have this name, whether or not a file knows of them. */
const gatewaysOf = async (name: string) => {
  const { stdout } = await promisify(execFile)('ps', ['-Awwo', 'pid=,args=']);
  const lines = stdout.split('\n').filter((line) => line.includes(`/serve.ts ${name} `));
  return lines.map((line) => Number.parseInt(line, 10));
};

describe('a local cloud in the background', () => {
  const name = `test-${process.pid}`;
  afterEach(() => stopInstance(name));

  it('answers until it is stopped, and leaves nothing behind', async () => {
    const started = await startInstance(name, { speed: 60 });
    expect(await readInstance(name)).toEqual({ ...started, speed: 60, answers: true });
    expect(await (await fetch(`${started.endpoint}/_seedbed/calls`)).json()).toEqual([]);

    expect(await stopInstance(name)).toBe(true);
    await gone(started.pids.gateway, started.pids.emulator);
    expect(await refuses(started.endpoint)).toBe(true);
    expect(existsSync(started.scratchDir)).toBe(false);
    expect(existsSync(started.stateDir)).toBe(false);
    expect(await readInstance(name)).toBeUndefined();
    expect(await stopInstance(name)).toBe(false);
  });

  it('has no pace while something is done without it, and its pace again after that, also if it failed', async () => {
    const paceOf = async () => (await requireInstance(name)).pace;
    const started = await startInstance(name);
    expect(started.pace).toBeNull();
    expect(await withoutPace(started, paceOf, awsPace({ s3: 30 }))).toBeNull();
    const paced = await requireInstance(name);
    expect(paced.pace).toEqual(awsPace({ s3: 30 }));
    const failed = withoutPace(paced, async () => {
      throw new Error(`pace: ${JSON.stringify(await paceOf())}`);
    });
    await expect(failed).rejects.toThrow('pace: null');
    expect(await paceOf()).toEqual(paced.pace);
    expect(await withoutPace(paced, paceOf, null)).toBeNull();
    expect(await paceOf()).toBeNull();
  });

  it('is forgotten after a crash, with its emulator and scratch directory, and can be started again', async () => {
    const crashed = await startInstance(name);
    process.kill(crashed.pids.gateway, 'SIGKILL');
    await gone(crashed.pids.gateway, crashed.pids.emulator);
    expect(existsSync(crashed.scratchDir)).toBe(false);
    expect(await readInstance(name)).toBeUndefined();
    await expect(requireInstance(name)).rejects.toThrow(
      `the local cloud "${name}" is not up: start it with: npx seedbed local up --name ${name}`,
    );
    expect((await startInstance(name)).answers).toBe(true);
  });

  it('ends when its emulator does', async () => {
    const started = await startInstance(name);
    process.kill(started.pids.emulator, 'SIGTERM');
    await gone(started.pids.gateway, started.pids.emulator);
    expect(existsSync(started.scratchDir)).toBe(false);
    expect(await readInstance(name)).toBeUndefined();
  });

  it('refuses a port that is taken', async () => {
    const { endpoint } = await startInstance(name);
    const port = Number(new URL(endpoint).port);
    await expect(startInstance(`${name}-2`, { port })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message: expect.stringContaining(`port ${port} is taken`),
    });
    expect(existsSync(instanceDirectory(`${name}-2`))).toBe(false);
  });

  it('is started once by two who start it at the same moment, and nothing of another is left', async () => {
    const starting = await Promise.allSettled([startInstance(name), startInstance(name)]);
    const started = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = starting.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(started).toHaveLength(1);
    expect(refused).toEqual([expect.objectContaining({ message: expect.stringContaining(`"${name}" is up already`) })]);
    expect((await requireInstance(name)).pids).toEqual(started[0]?.pids);
    expect(await gatewaysOf(name)).toEqual([started[0]?.pids.gateway]);
  });

  it('stays the only one when a second process comes up in spite of all', async () => {
    const first = await startInstance(name);
    const serve = join(__dirname, '../../lib/local/serve.ts');
    const second = promisify(execFile)(process.execPath, ['-r', 'tsx/cjs', serve, name, '0', 'us-east-1']);
    await expect(second).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(`"${name}" is up already`) });
    expect((await requireInstance(name)).pids).toEqual(first.pids);
    expect(await gatewaysOf(name)).toEqual([first.pids.gateway]);
  });

  it('is stopped when it is up if it is just being started', async () => {
    const starting = findOrStartInstance(name, { log: () => undefined }, () => undefined);
    await eventually(async () => existsSync(instanceLock(name)) || undefined);
    const waiting = jest.fn();
    expect(await stopInstance(name, waiting)).toBe(true);
    expect(waiting.mock.calls).toEqual([[expect.stringContaining(`waiting for process ${process.pid}, which starts`)]]);
    expect((await starting).started).toBe(true);
    expect(await gatewaysOf(name)).toEqual([]);
    expect(existsSync(instanceLock(name))).toBe(false);
  });

  it('is given to those who only want it to be up, whoever of them started it', async () => {
    const accept = jest.fn();
    const found = await Promise.all([1, 2].map(() => findOrStartInstance(name, {}, accept)));
    expect(found.map(({ started }) => started).sort()).toEqual([false, true]);
    expect(found[0]?.instance.pids).toEqual(found[1]?.instance.pids);
    expect(accept).toHaveBeenCalledTimes(1);
    expect(await gatewaysOf(name)).toEqual([found[0]?.instance.pids.gateway]);
  });

  it('is refused a name that cannot name a directory', async () => {
    await expect(readInstance('../x')).rejects.toThrow('"../x" cannot name a local cloud');
  });
});
