import { push } from '../../../lambdas/trigger/push';
import { releaseExecutionName } from '../../../lib/core/execution-name';
import { COMMIT } from '../../builders';
import { aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };

describe('push', () => {
  it('runs a release of the head of the branch in each stage that deploys it', async () => {
    const platform = memoryPlatform();
    const result = await push(platform)(aPush());
    expect(result).toEqual({
      started: [
        { releaseId: expect.any(String), status: 'running' },
        { releaseId: expect.any(String), status: 'running' },
      ],
    });
    const [record] = await platform.releases.latest(DEV, 1);
    expect(record).toMatchObject({
      status: 'running',
      executionArn: platform.executions.arnOf(releaseExecutionName(record!.release)),
      release: {
        commit: COMMIT,
        branch: 'main',
        trigger: { type: 'push', by: 'arn:aws:iam::123456789012:user/ada' },
      },
    });
    expect(platform.executions.started.map(({ input }) => input)).toContainEqual(record!.release);
  });

  it('makes one release of an event that is delivered twice', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    const first = await push(platform)(aPush('topic/a'));
    const releaseId = 'started' in first ? first.started[0]!.releaseId : '';
    expect(await push(platform)(aPush('topic/a'))).toEqual({ started: [{ releaseId, status: 'duplicate' }] });
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(1);
  });

  it('lets a push wait while a release runs, and the newest of those that wait win', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    for (const id of ['e1', 'e2', 'e3']) await push(platform)(aPush('topic/a', { id }));
    const records = await platform.releases.latest(DEV, 10);
    expect(records.map(({ status }) => status)).toEqual(['waiting', 'superseded', 'running']);
    expect(records[1]!.supersededBy).toBe(records[0]!.release.id);
    expect(platform.executions.started).toHaveLength(1);
  });

  it('keeps why a branch without a stage is ignored', async () => {
    const platform = memoryPlatform({ branches: { fix: COMMIT } });
    await push(platform)(aPush('fix'));
    expect(await platform.releases.ignored('shop', 10)).toMatchObject([
      { branch: 'fix', reason: { code: 'branch-without-stage', message: expect.stringContaining('topic/*') } },
    ]);
    expect(platform.executions.started).toEqual([]);
  });

  it('keeps that a repository is not connected', async () => {
    const platform = memoryPlatform();
    await push(platform)(aPush('main', { repository: 'other' }));
    expect(await platform.releases.ignored(undefined, 10)).toMatchObject([
      { repository: { name: 'other' }, reason: { code: 'repository-not-connected' } },
    ]);
  });

  it('keeps that a branch was gone before it could be released', async () => {
    const platform = memoryPlatform({ branches: {} });
    await push(platform)(aPush());
    expect(await platform.releases.ignored('shop', 10)).toMatchObject([{ reason: { code: 'branch-deleted' } }]);
  });

  it('ignores the deletion of a branch', async () => {
    const platform = memoryPlatform();
    expect(await push(platform)(aPush('main', { event: 'referenceDeleted' }))).toEqual({
      ignored: 'branch "main" was deleted',
    });
    expect(platform.executions.started).toEqual([]);
  });

  it('refuses what is no repository event', async () => {
    await expect(push(memoryPlatform())({ id: 'e1', detail: {} })).rejects.toThrow('detail-type');
  });
});
