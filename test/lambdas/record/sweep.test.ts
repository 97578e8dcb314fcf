import { sweep } from '../../../lambdas/record/sweep';
import { push } from '../../../lambdas/trigger/push';
import type { Releases } from '../../../lib/ports/releases';
import { COMMIT } from '../../builders';
import { aPush, memoryPlatform, NOW } from '../../memory-platform';
import { withUnreadable } from '../../with-unreadable';

const DEV = { app: 'shop', stage: 'dev' };

async function running() {
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  await push(platform)(aPush('topic/a'));
  const record = async () => (await platform.releases.latest(DEV, 1))[0]!;
  return { platform, record, arn: platform.executions.started[0]!.arn };
}

describe('sweep', () => {
  it('leaves a release alone whose execution runs', async () => {
    const { platform, record } = await running();
    const before = await record();
    expect(await sweep(platform)()).toEqual({ open: 1 });
    expect(await record()).toEqual(before);
  });

  it.each([
    ['succeeded', { status: 'succeeded' }],
    ['failed', { status: 'failed', error: { code: 'Failed' } }],
    ['timed-out', { status: 'failed', error: { code: 'TimedOut' } }],
    ['aborted', { status: 'aborted', error: { code: 'Aborted' } }],
  ] as const)('ends a release whose execution %s unnoticed, and starts the next', async (status, end) => {
    const { platform, arn } = await running();
    await push(platform)(platform.moved('topic/a', 'event-2'));
    platform.executions.finish(arn, status);
    await sweep(platform)();
    const [next, ended] = await platform.releases.latest(DEV, 2);
    expect(ended).toMatchObject(end);
    expect(next).toMatchObject({ status: 'running' });
  });

  it('leaves a release alone that it cannot read, and looks after the others', async () => {
    const platform = memoryPlatform({ branches: { main: COMMIT } });
    await push(platform)(aPush('main'));
    for (const { arn } of platform.executions.started) platform.executions.finish(arn, 'failed');
    const inProd = async () => (await platform.releases.latest({ app: 'shop', stage: 'prod' }, 1))[0]!;
    const releases = withUnreadable(platform.releases, (await inProd()).release);
    expect(await sweep({ ...platform, releases })()).toEqual({ open: 2 });
    expect((await platform.releases.latest(DEV, 1))[0]).toMatchObject({ status: 'failed' });
    expect(await inProd()).toMatchObject({ status: 'running' });
    expect(platform.warnings).toContain('a release is left alone: it cannot be read');
  });

  it('ends a release whose execution is gone', async () => {
    const { platform, record } = await running();
    await sweep({ ...platform, executions: { ...platform.executions, status: async () => 'unknown' } })();
    expect(await record()).toMatchObject({ status: 'failed', error: { code: 'ExecutionGone' } });
  });

  it('starts a release that took the lock and was never started', async () => {
    const { platform, record } = await running();
    await platform.releases.end((await record()).release, {
      status: 'failed',
      finishedAt: new Date(NOW).toISOString(),
    });
    const start = () => Promise.reject(new Error('worker died'));
    const dying = { ...platform, executions: { ...platform.executions, start } };
    await expect(push(dying)(platform.moved('topic/a', 'event-2'))).rejects.toThrow('worker died');
    expect(await record()).toMatchObject({ status: 'running' });
    expect(platform.executions.started).toHaveLength(1);

    await sweep(platform)();
    expect(platform.executions.started).toHaveLength(2);
    expect(await record()).toMatchObject({ executionArn: platform.executions.started[1]!.arn });
  });

  it('ends the release of one stage although that of another cannot be read', async () => {
    const platform = memoryPlatform();
    await push(platform)(aPush('main'));
    for (const { arn } of platform.executions.started) platform.executions.finish(arn, 'aborted');
    const releases: Releases = {
      ...platform.releases,
      find: (key) => (key.stage === 'dev' ? Promise.reject(new Error('unreadable')) : platform.releases.find(key)),
    };
    await expect(sweep({ ...platform, releases })()).rejects.toThrow('unreadable');
    expect((await platform.releases.latest({ app: 'shop', stage: 'prod' }, 1))[0]).toMatchObject({ status: 'aborted' });
  });

  describe('counts a release that is open for much longer than usual', () => {
    const HOUR = 3_600_000;
    const overdue = [{ dimensions: DEV, values: { ReleasesOverdue: 1 } }];

    it.each([
      [1, []],
      [7, overdue],
    ])('and runs: after %d hours', async (hours, counted) => {
      const { platform, record } = await running();
      await sweep({ ...platform, now: () => NOW + hours * HOUR })();
      expect(platform.metrics.added).toEqual(counted);
      expect(await record()).toMatchObject({ status: 'running' });
    });

    it('and waits, besides the one that it waits for', async () => {
      const { platform } = await running();
      await push(platform)(platform.moved('topic/a', 'event-2'));
      await sweep({ ...platform, now: () => NOW + 7 * HOUR })();
      expect(platform.metrics.added).toEqual([...overdue, ...overdue]);
    });

    it('but not one that it ends', async () => {
      const { platform, arn } = await running();
      platform.executions.finish(arn, 'failed');
      await sweep({ ...platform, now: () => NOW + 7 * HOUR })();
      expect(platform.metrics.added.flatMap(({ values }) => Object.keys(values))).not.toContain('ReleasesOverdue');
    });
  });
});
