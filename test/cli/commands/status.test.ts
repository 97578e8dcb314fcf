import { registerStatus } from '../../../lib/cli/commands/status';
import { anApp, NOW } from '../../memory-platform';
import { WHY, withUnreadable } from '../../with-unreadable';
import { aWorld, IDS } from '../a-world';

/** Stage dev failed, prod runs and has one that waits. */
async function busy(columns?: number) {
  const world = aWorld(registerStatus, { columns });
  const { release, deployed } = world;
  const first = await release({ id: IDS[0] });
  await deployed(first, 'api', {
    functions: [{ logicalId: 'Hello', name: 'api-dev-hello', updated: true, version: '7' }],
    outputs: { HttpApiUrl: 'https://x.example.com', Table: 'orders' },
  });
  const failed = await release(
    { id: IDS[1] },
    { status: 'failed', error: { code: 'BuildFailed', message: 'no disk' } },
  );
  await deployed(failed, 'web', { status: 'failed' });
  await release({ id: IDS[2], stage: 'prod' }, { status: 'running' });
  await release({ id: IDS[3], stage: 'prod' }, { status: 'waiting' });
  return world;
}

describe('seedbed status', () => {
  it('shows all stages, with what runs, waits and is deployed', async () => {
    const { call } = await busy();
    const { status, out } = await call('status');
    expect(status).toBe(0);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^app +stage +status +release +what +by +when +took +services +waits$/),
      expect.stringMatching(
        /^shop {2}dev +failed +BBBBBBBB +bbbbbbb main +ada +8 min ago +2 min 00 s +1 deployed, 1 failed$/,
      ),
      expect.stringMatching(/^shop {2}prod +running +CCCCCCCC .* DDDDDDDD$/),
      '',
    ]);
  });

  it('says of a stage that its newest release cannot be read, and shows what can be', async () => {
    const { call, json, platform } = await busy();
    Object.assign(platform, { releases: withUnreadable(platform.releases, { stage: 'dev', id: IDS[1]! }) });
    expect((await call('status')).out).toMatch(/^shop {2}dev +unreadable /m);
    const { status, out } = await call('status', '--app', 'shop', '--stage', 'dev');
    expect(status).toBe(0);
    expect(out).toContain(`  unread   ${IDS[1]}  ${WHY}`);
    expect(out).toMatch(/^ {2}last +01K0{15}A{8} {2}succeeded/m);
    expect((await json('status'))[0].unreadable).toEqual([
      { releaseId: IDS[1], status: 'unreadable', error: { code: 'StateUnreadable', message: WHY } },
    ]);
  });

  it('shows how full the code storage of each target is, and where to read on when it fills up', async () => {
    const { call, platform } = await busy();
    const reading = (account: string, used: number) => ({
      account,
      region: 'eu-central-1',
      used: used * 1024 ** 3,
      limit: 75 * 1024 ** 3,
      at: new Date(NOW - 8 * 60_000).toISOString(),
    });
    await platform.codeStorages.keep(reading('111122223333', 7.5));
    await platform.codeStorages.keep(reading('444455556666', 61));
    const { out } = await call('status');
    expect(out.split('\n').slice(-4)).toEqual([
      '',
      'code storage of 111122223333, eu-central-1: 7.5 of 75.0 GB (10 %), 8 min ago',
      'code storage of 444455556666, eu-central-1: 61.0 of 75.0 GB (81 %), 8 min ago; see docs/operations.md#code-storage',
      '',
    ]);
  });

  it('shows made stages too, and stages that were never released to', async () => {
    const { call, platform } = aWorld(registerStatus);
    const origin = { kind: 'branch', branch: 'topic/x' } as const;
    await platform.stages.make({ app: 'shop', stage: 'topic-x', template: 'dev', origin, madeAt: '2026' });
    const { out } = await call('status', '--app', 'shop');
    expect(out).toMatch(/shop {2}topic-x +never released\n/);
    expect((await call('status', '--app', 'shop', '--stage', 'topic-x')).out).toMatch(/of +branch topic\/x, like dev/);
  });

  it('shows one stage in detail: versions, URLs, the last release', async () => {
    const { call } = await busy();
    const { out } = await call('status', '--app', 'shop', '--stage', 'dev');
    expect(out).toMatch(/shop → dev {2}account 123456789012, eu-central-1\n {2}of +main, topic\/\*\n/);
    expect(out).toMatch(/last +01K\w+B {2}failed .*\n +no disk\n/);
    expect(out).toMatch(/\nweb +failed +bbbbbbb +BBBBBBBB\napi +deployed +bbbbbbb +AAAAAAAA +Hello:7\n/);
    expect(out).toMatch(/\napi {2}HttpApiUrl {2}https:\/\/x\.example\.com\n$/);
  });

  it('prints JSON of all stages, or of one with versions', async () => {
    const { json } = await busy();
    expect(await json('status')).toMatchObject([
      { stage: 'dev', last: { releaseId: IDS[1], status: 'failed' }, services: [{ path: 'api' }, { path: 'web' }] },
      { stage: 'prod', running: { releaseId: IDS[2] }, waiting: { releaseId: IDS[3] } },
    ]);
    expect(await json('status', '--app', 'shop', '--stage', 'dev')).toMatchObject({
      services: [{ path: 'api', functions: [{ logicalId: 'Hello', version: '7' }], outputs: { Table: 'orders' } }, {}],
    });
  });

  it('shows services with which a release that ended had not begun, and none that it was to remove', async () => {
    const { call, json, release, deployed } = aWorld(registerStatus);
    const reasons = [{ code: 'first-release' as const, message: 'it is new' }];
    const plan = { phases: [['api', 'web'].map((path) => ({ path, reasons }))], skip: [] };
    const cancelled = await release({ id: IDS[0] }, { status: 'aborted', plan });
    await deployed(cancelled, 'api', {});
    expect((await call('status')).out).toMatch(/1 deployed, 1 not begun\n/);
    const one = ['status', '--app', 'shop', '--stage', 'dev'];
    expect((await call(...one)).out).toMatch(/\nweb +not begun +AAAAAAAA\napi +deployed .*\n/);
    expect(await json(...one)).toMatchObject({ notBegun: [{ path: 'web', releaseId: IDS[0] }] });
    await release({ id: IDS[1], remove: { emptyBuckets: false } }, { status: 'failed', plan });
    expect((await call(...one)).out).not.toContain('not begun');
  });

  it('says what is deployed and not in the commit that was released last', async () => {
    const { call, json, release, deployed } = aWorld(registerStatus);
    const reasons = [{ code: 'not-in-commit' as const, message: 'deployed, not in this commit' }];
    const plan = { phases: [], skip: [{ path: 'web', reasons }] };
    await deployed(await release({ id: IDS[0] }, { status: 'succeeded', plan }), 'web', {});
    // A release of some services has no say in it.
    await release({ id: IDS[1], only: ['api'] }, { status: 'succeeded', plan: { phases: [], skip: [] } });
    expect((await call('status')).out).toMatch(/1 deployed, 1 not in the commit\n/);
    const one = ['status', '--app', 'shop', '--stage', 'dev'];
    expect((await call(...one)).out).toMatch(/\nweb {2}deployed, not in the commit that was released last; it stays/);
    expect(await json(...one)).toMatchObject({ notInCommit: ['web'] });
  });

  it('cuts lines to a narrow terminal', async () => {
    const { call } = await busy(40);
    for (const line of (await call('status')).out.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('says so where nothing is connected or deployed', async () => {
    expect((await aWorld(registerStatus, { apps: [] }).call('status')).out).toMatch(/no app is connected yet/);
    expect((await aWorld(registerStatus, { apps: [anApp()] }).call('status', '--stage', 'dev')).out).toMatch(
      /^ {2}nothing is deployed$/m,
    );
  });

  it.each([
    ['an unknown app', ['--app', 'shp'], /there is no app "shp"; did you mean "shop"\?/],
    ['an unknown stage', ['--app', 'shop', '--stage', 'qa'], /app "shop" has no stage "qa"; use one of: dev, prod/],
  ])('ends with 1 for %s', async (_, args, message) => {
    const { status, err } = await aWorld(registerStatus).call('status', ...args);
    expect(status).toBe(1);
    expect(err).toMatch(message);
  });
});
