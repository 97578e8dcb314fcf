import { finish } from '../../../lambdas/record/finish';
import { push } from '../../../lambdas/trigger/push';
import { start } from '../../../lambdas/trigger/start';
import { releaseExecutionName } from '../../../lib/core/contracts/execution-name';
import { branchStageName } from '../../../lib/core/trigger/stage-name';
import { COMMIT } from '../../builders';
import { anApp, aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };

describe('push', () => {
  it('runs a release of the head of the branch in each stage that deploys it', async () => {
    const platform = memoryPlatform();
    const result = await push(platform)(aPush());
    expect(result).toEqual([
      { stage: 'dev', started: { releaseId: expect.any(String), status: 'running' } },
      { stage: 'prod', started: { releaseId: expect.any(String), status: 'running' } },
    ]);
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
    const [first] = await push(platform)(aPush('topic/a'));
    const releaseId = first && 'started' in first ? first.started.releaseId : '';
    expect(await push(platform)(aPush('topic/a'))).toEqual([
      { stage: 'dev', started: { releaseId, status: 'duplicate' } },
    ]);
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(1);
  });

  it('makes one release of a head, whatever events tell of it, so that a rollback stays', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    const [first] = await push(platform)(aPush('topic/a'));
    const releaseId = first && 'started' in first ? first.started.releaseId : '';
    await finish(platform)({ release: (await platform.releases.find({ ...DEV, id: releaseId }))!.release });
    expect(await push(platform)(aPush('topic/a', { id: 'event-2' }))).toEqual([
      { stage: 'dev', started: { releaseId, status: 'duplicate' } },
    ]);
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(1);
    await start(platform)({ ...DEV, branch: 'topic/a', requestId: 'asked for' });
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(2);
  });

  it('releases a head that somebody released in part, or by its hash', async () => {
    for (const asked of [{ branch: 'topic/a', services: ['orders'] }, { commit: COMMIT }]) {
      const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
      platform.repository.commits[COMMIT]!['orders/serverless.yml'] = '';
      await start(platform)({ ...DEV, ...asked, requestId: 'asked for' });
      expect(await push(platform)(aPush('topic/a'))).toMatchObject([{ started: { status: 'waiting' } }]);
    }
  });

  it('does not release again what somebody has released by its branch', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    await start(platform)({ ...DEV, branch: 'topic/a', requestId: 'asked for' });
    expect(await push(platform)(aPush('topic/a'))).toMatchObject([{ started: { status: 'duplicate' } }]);
  });

  it('lets a push wait while a release runs, and the newest of those that wait win', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    for (const id of ['e1', 'e2', 'e3']) await push(platform)(platform.moved('topic/a', id));
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

  it('takes nothing away from a configured stage whose branch was deleted', async () => {
    const platform = memoryPlatform({ branches: { main: COMMIT } });
    await push(platform)(aPush());
    delete platform.branches.main;
    await push(platform)(aPush('main', { id: 'event-2', event: 'referenceDeleted' }));
    expect(await platform.releases.ignored('shop', 10)).toMatchObject([{ reason: { code: 'branch-deleted' } }]);
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(1);
  });

  it('believes the repository, not the event: a branch that is there again is released', async () => {
    const platform = memoryPlatform();
    expect(await push(platform)(aPush('main', { event: 'referenceDeleted' }))).toHaveLength(2);
    expect(await platform.releases.latest(DEV, 1)).toMatchObject([{ release: { commit: COMMIT } }]);
  });

  it.each(['Fix [skip ci]', 'Fix\n\nskip-checks: true'])('honours the mark in %j', async (message) => {
    const platform = memoryPlatform();
    platform.repository.messages[COMMIT] = message;
    await push(platform)(aPush());
    expect(await platform.releases.ignored('shop', 10)).toMatchObject([
      { branch: 'main', reason: { code: 'skip-marked', message: expect.stringContaining(COMMIT) } },
    ]);
    expect(platform.executions.started).toEqual([]);
  });

  describe('of a tag', () => {
    const options = { app: { stages: { prod: { ...anApp().stages.prod!, branches: [], tags: ['v*'] } } } };

    it('releases what it points at to the stages that deploy it', async () => {
      const platform = memoryPlatform(options);
      platform.repository.tags['v1.0'] = COMMIT;
      await push(platform)(aPush('v1.0', { type: 'tag', event: 'referenceCreated' }));
      const [record] = await platform.releases.latest({ app: 'shop', stage: 'prod' }, 1);
      expect(record!.release).toMatchObject({ commit: COMMIT, tag: 'v1.0', trigger: { id: 'event-1/prod' } });
      expect(record!.release.branch).toBeUndefined();
    });

    it.each([
      ['x1', 'tag-without-stage'],
      ['v2.0', 'tag-deleted'],
    ])('%j is kept as ignored: %s', async (tag, code) => {
      const platform = memoryPlatform(options);
      await push(platform)(aPush(tag, { type: 'tag' }));
      expect(await platform.releases.ignored('shop', 10)).toMatchObject([{ branch: tag, reason: { code } }]);
    });
  });

  describe('of a branch with a stage of its own', () => {
    const branchStages = [{ branches: ['feature/**'], template: 'dev', emptyBuckets: true }];
    const app = { branchStages };
    const STAGE = { app: 'shop', stage: branchStageName('feature/a', ['dev', 'prod']) };

    it('makes the stage, with the settings of its template, and releases to it', async () => {
      const platform = memoryPlatform({ branches: { 'feature/a': COMMIT }, app });
      await push(platform)(aPush('feature/a'));
      const [record] = await platform.releases.latest(STAGE, 1);
      expect(record!.release).toMatchObject({
        commit: COMMIT,
        branch: 'feature/a',
        template: 'dev',
        trigger: { type: 'push' },
        target: anApp().stages.dev!.target,
      });
      expect(await platform.stages.list('shop')).toEqual([
        {
          ...STAGE,
          template: 'dev',
          origin: { kind: 'branch', branch: 'feature/a' },
          madeAt: record!.release.requestedAt,
        },
      ]);
    });

    it('removes the stage when the branch is deleted: of the last release’s commit, after what runs', async () => {
      const platform = memoryPlatform({ branches: { 'feature/a': COMMIT }, app });
      await push(platform)(aPush('feature/a'));
      const last = platform.moved('feature/a', 'event-2');
      const commit = platform.branches['feature/a'];
      await push(platform)(last);
      delete platform.branches['feature/a'];
      const [outcome] = await push(platform)(aPush('feature/a', { id: 'event-3', event: 'referenceDeleted' }));
      expect(outcome).toMatchObject({ stage: STAGE.stage, removing: { status: 'waiting' } });
      const records = await platform.releases.latest(STAGE, 10);
      expect(records.map(({ status }) => status)).toEqual(['waiting', 'superseded', 'running']);
      expect(records[0]!.release).toMatchObject({
        commit,
        branch: 'feature/a',
        template: 'dev',
        remove: { emptyBuckets: true, because: 'branch-deleted' },
        trigger: { type: 'remove', id: `event-3/${STAGE.stage}` },
      });
      expect(await platform.stages.find(STAGE)).toMatchObject({ removeAskedAt: expect.any(String) });
      const again = await push(platform)(aPush('feature/a', { id: 'event-3', event: 'referenceDeleted' }));
      expect(again).toMatchObject([{ removing: { status: 'duplicate' } }]);
    });

    it('wants the stage again if the branch is pushed again', async () => {
      const platform = memoryPlatform({ branches: { 'feature/a': COMMIT }, app });
      await push(platform)(aPush('feature/a'));
      delete platform.branches['feature/a'];
      await push(platform)(aPush('feature/a', { id: 'event-2' }));
      platform.branches['feature/a'] = COMMIT;
      await push(platform)(aPush('feature/a', { id: 'event-3' }));
      const records = await platform.releases.latest(STAGE, 10);
      expect(records.map(({ status, release }) => [status, release.trigger.type])).toEqual([
        ['waiting', 'push'],
        ['superseded', 'remove'],
        ['running', 'push'],
      ]);
      expect((await platform.stages.find(STAGE))!.removeAskedAt).toBeUndefined();
    });

    it('gives no stage to a branch whose name comes to another branch’s', async () => {
      const platform = memoryPlatform({ branches: { 'feature/a': COMMIT }, app });
      await platform.stages.make({
        ...STAGE,
        template: 'dev',
        origin: { kind: 'branch', branch: 'feature/other' },
        madeAt: '2026-01-01T00:00:00.000Z',
      });
      await push(platform)(aPush('feature/a'));
      expect(await platform.releases.ignored('shop', 10)).toMatchObject([{ reason: { code: 'stage-name-taken' } }]);
      expect(platform.executions.started).toEqual([]);
    });

    it('makes no stage where nothing is released', async () => {
      const platform = memoryPlatform({ branches: { 'feature/a': COMMIT }, app });
      platform.repository.messages[COMMIT] = '[no ci]';
      await push(platform)(aPush('feature/a'));
      expect(await platform.stages.list('shop')).toEqual([]);
    });
  });

  it('refuses what is no repository event', async () => {
    await expect(push(memoryPlatform())({ id: 'e1', detail: {} })).rejects.toThrow('detail-type');
  });
});
