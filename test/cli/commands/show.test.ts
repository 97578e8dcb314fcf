import { registerShow } from '../../../lib/cli/commands/show';
import type { Plan } from '../../../lib/core/contracts/state';
import { aWorld, IDS } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'dev'];
const because = (path: string, message: string) => ({ path, reasons: [{ code: 'files-changed' as const, message }] });
const PLAN: Plan = {
  phases: [[because('api', 'src/a.js changed'), because('web', 'web/b.js changed')]],
  skip: [because('docs', 'nothing changed')],
};

/** A release in which one service failed, and a newer one that succeeded. */
async function some() {
  const world = aWorld(registerShow);
  const failed = await world.release({ id: IDS[0], branch: 'main' }, { status: 'failed', plan: PLAN });
  await world.deployed(failed, 'api', {
    warnings: ['provider.profile: not used'],
    outputs: { Url: 'https://a.example' },
  });
  await world.deployed(failed, 'web', {
    status: 'failed',
    error: { code: 'BuildFailed', message: 'no\u001b[2J space' },
  });
  return { ...world, failed };
}

describe('seedbed show', () => {
  it('tells plan, services, warnings and errors of the newest release, or of the one that is named', async () => {
    const { call, release } = await some();
    const newest = await call('show', ...DEV);
    expect(newest).toMatchObject({ status: 0, err: '' });
    for (const part of [/src\/a\.js changed/, /nothing changed/, /provider\.profile: not used/, /no space/]) {
      expect(newest.out).toMatch(part);
    }
    expect(newest.out).toMatch(/^release 01K\w+A {2}shop → dev, commit \w{7} of main/);
    expect(newest.out).not.toContain('\u001b');

    await release({ id: IDS[1] });
    expect((await call('show', ...DEV)).out).toMatch(/^release 01K\w+B .*\n(.*\n)*release succeeded/);
    expect((await call('show', ...DEV, 'AAAAAA')).out).toBe(newest.out);
  });

  it('tells what runs, and with --follow goes on to the end', async () => {
    const { call, release, platform, at } = aWorld(registerShow);
    const one = await release({ id: IDS[1] }, { status: 'running', plan: PLAN });
    const now = await call('show', ...DEV);
    expect(now.status).toBe(0);
    expect(now.out).not.toMatch(/release (succeeded|failed)/);

    await platform.releases.end(one, { status: 'failed', finishedAt: at(0) });
    expect(await call('show', ...DEV, '--follow')).toMatchObject({
      status: 1,
      out: expect.stringMatching(/release failed/),
    });
  });

  it('prints the report, and what was released, with --json', async () => {
    const { json, failed } = await some();
    expect(await json('show', ...DEV)).toMatchObject({
      releaseId: failed.id,
      status: 'failed',
      app: 'shop',
      stage: 'dev',
      commit: failed.commit,
      branch: 'main',
      requestedAt: failed.requestedAt,
      services: [{ path: 'api', warnings: ['provider.profile: not used'] }, { path: 'docs' }, { path: 'web' }],
    });
  });

  it('says that there is no such release', async () => {
    const { call } = await some();
    expect(await call('show', ...DEV, 'XXXXXXXX')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/stage "dev" of "shop" has no release "XXXXXXXX"; the newest is 01K/),
    });
  });
});
