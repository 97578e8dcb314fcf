import { registerCancel } from '../../../lib/cli/commands/cancel';
import { aWorld, IDS } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'dev'];

describe('seedbed cancel', () => {
  it('cancels what runs, and tells what is left', async () => {
    const { call, release, asked } = aWorld(registerCancel);
    await release({ id: IDS[1] }, { status: 'running' });
    const { status, out } = await call('cancel', ...DEV);
    expect(status).toBe(0);
    expect(out).toMatch(/release aborted.*\n {4}Cancelled.*cancelled by ada; nothing was begun/);
    expect(asked).toEqual([{ worker: 'cancel', input: { app: 'shop', stage: 'dev', releaseId: undefined } }]);
  });

  it('takes the end of an id, and prints JSON', async () => {
    const { json, release, asked } = aWorld(registerCancel);
    await release({ id: IDS[1] }, { status: 'running' });
    await release({ id: IDS[2] }, { status: 'waiting' });
    expect(await json('cancel', ...DEV, 'cccccccc')).toMatchObject({
      was: 'waiting',
      releaseId: IDS[2],
      status: 'aborted',
      error: { code: 'Cancelled' },
    });
    expect(asked).toMatchObject([{ input: { releaseId: IDS[2] } }]);
  });

  it('does not wait with --no-follow', async () => {
    const { call, release } = aWorld(registerCancel);
    await release({ id: IDS[1] }, { status: 'running' });
    expect((await call('cancel', ...DEV, '--no-follow')).out).toBe(
      `release ${IDS[1]} was running and is being undone\n`,
    );
  });

  it('ends with 1 if the release came to its own end', async () => {
    const { call, release, platform } = aWorld(registerCancel);
    await release({ id: IDS[1] });
    platform.workers.cancelRelease = async () => ({ releaseId: IDS[1]!, was: 'running' });
    const { status, out } = await call('cancel', ...DEV);
    expect(status).toBe(1);
    expect(out).toContain('release succeeded');
  });

  it.each<[string, string[], RegExp]>([
    ['an id that nobody has', ['ABCDEFGH'], /stage "dev" of "shop" has no release "ABCDEFGH"; the newest is 01K/],
    ['too little of an id', ['BBB'], /"BBB" is too short: give at least 6 characters/],
  ])('ends with 1 for %s', async (_, args, message) => {
    const { call, release, asked } = aWorld(registerCancel);
    await release({ id: IDS[1] });
    const { status, err } = await call('cancel', ...DEV, ...args);
    expect(status).toBe(1);
    expect(err).toMatch(message);
    expect(asked).toEqual([]);
  });
});
