import { existsSync } from 'node:fs';
import { instanceDirectory, readInstance, requireInstance, stopInstance } from '../../lib/local/instance';
import { startInstance } from '../../lib/local/start-instance';
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

  it('is refused a name that cannot name a directory', async () => {
    await expect(readInstance('../x')).rejects.toThrow('"../x" cannot name a local cloud');
  });
});
