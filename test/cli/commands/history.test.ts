import stringWidth from 'string-width';
import { registerHistory } from '../../../lib/cli/commands/history';
import { WHY, withUnreadable } from '../../with-unreadable';
import { aWorld, IDS } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'dev'];
const PLAN = { phases: [[{ path: 'api', reasons: [] }]], skip: [{ path: 'web', reasons: [] }] };

async function some() {
  const world = aWorld(registerHistory);
  await world.release({ id: IDS[0] }, { plan: PLAN });
  await world.release({ id: IDS[1] }, { status: 'failed', error: { code: 'X', message: 'no\nmore' } });
  await world.release({ id: IDS[2], rollback: { to: IDS[0]! } });
  return world;
}
const ignored = (code: 'branch-without-stage' | 'repository-not-connected', app?: string) => ({
  app,
  repository: { provider: 'codecommit', name: 'shop' } as const,
  branch: 'x',
  eventId: code,
  at: '2026-01-02T03:00:00.000Z',
  reason: { code, message: `because of ${code}` },
});

describe('seedbed history', () => {
  it('shows releases, newest first', async () => {
    const { call } = await some();
    const { status, out } = await call('history', ...DEV);
    expect(status).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^release +status +what +by +when +took +services +why$/),
      expect.stringMatching(/^CCCCCCCC +succeeded +rollback to AAAAAAAA \(bbbbbbb\) +ada +10 min ago +2 min 00 s$/),
      expect.stringMatching(/^BBBBBBBB +failed +bbbbbbb main .* no$/),
      expect.stringMatching(/^AAAAAAAA +succeeded .* 1 of 2$/),
    ]);
  });

  it('shows a release of a newer version of Seedbed as one that it cannot read, among the others', async () => {
    const { call, json, platform } = await some();
    Object.assign(platform, { releases: withUnreadable(platform.releases, { stage: 'dev', id: IDS[1]! }) });
    const { status, out } = await call('history', ...DEV);
    expect(status).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(1).map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['CCCCCCCC', 'succeeded'],
      ['BBBBBBBB', 'unreadable'],
      ['AAAAAAAA', 'succeeded'],
    ]);
    expect(lines[2]).toContain('written by a newer version of Seedbed');
    expect((await json('history', ...DEV))[1]).toEqual({
      releaseId: IDS[1],
      status: 'unreadable',
      error: { code: 'StateUnreadable', message: WHY },
    });
  });

  it('keeps its columns below each other beside a branch with a Japanese name', async () => {
    const { call, release } = await some();
    await release({ id: IDS[3], branch: '機能/検索' });
    const { out } = await call('history', ...DEV);
    const lines = out.split('\n').filter((line) => line.includes(' ada '));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('bbbbbbb 機能/検索');
    expect(new Set(lines.map((line) => stringWidth(line.slice(0, line.indexOf(' ada '))))).size).toBe(1);
  });

  it('shows as many as wanted, and JSON', async () => {
    const { json } = await some();
    expect(await json('history', ...DEV, '--limit', '2')).toMatchObject([{ releaseId: IDS[2] }, { releaseId: IDS[1] }]);
    expect((await json('history', ...DEV))[2]).toMatchObject({ planned: ['api'], skipped: 1, trigger: 'push' });
  });

  it('shows what was ignored, and why', async () => {
    const { call, json, platform } = await some();
    await platform.releases.recordIgnored(ignored('branch-without-stage', 'shop'));
    await platform.releases.recordIgnored(ignored('repository-not-connected'));
    expect((await call('history', '--app', 'shop', '--ignored')).out).toMatch(/4 min ago +shop +x +because of branch/);
    expect(await json('history', '--app', 'shop', '--ignored')).toHaveLength(2);
  });

  it.each<[string, string[], RegExp]>([
    ['a limit that is none', ['--limit', 'x'], /--limit: "x" is not a number from 1 to 1000/],
    ['a limit too large', ['--limit', '5000'], /--limit: "5000" is not a number from 1 to 1000/],
  ])('ends with 2 for %s', async (_, args, message) => {
    const { status, err } = await aWorld(registerHistory).call('history', ...DEV, ...args);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });

  it('says so where nothing was released, or ignored', async () => {
    expect((await aWorld(registerHistory).call('history', ...DEV)).out).toMatch(
      /nothing has been released to stage "dev"/,
    );
    expect((await aWorld(registerHistory).call('history', '--ignored')).out).toBe('no push was ignored\n');
  });
});
