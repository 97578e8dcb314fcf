import { finish } from '../../../lambdas/record/finish';
import { push } from '../../../lambdas/trigger/push';
import { reconcile } from '../../../lambdas/trigger/reconcile';
import { remove } from '../../../lambdas/trigger/remove';
import { start } from '../../../lambdas/trigger/start';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import type { Release, StageKey } from '../../../lib/core/contracts/release';
import { branchStageName } from '../../../lib/core/trigger/stage-name';
import { memoryApps } from '../../../lib/memory/memory-apps';
import type { PullRequestReading } from '../../../lib/ports/source';
import { COMMIT } from '../../builders';
import { anApp, aPush, memoryPlatform, NOW } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const PR = { app: 'shop', stage: 'pr-12' };
const NEXT = 'c'.repeat(40);
const PROD = { app: 'shop', stage: 'prod' };
const TAGGED = { prod: { ...anApp().stages.prod!, branches: [], tags: ['v*'] } };
const SLOT = 15 * 60_000;
const pullRequests = { template: 'dev', into: ['main'], emptyBuckets: true };
const aPullRequest = (more: Partial<PullRequestReading> = {}): PullRequestReading => ({
  number: 12,
  state: 'open',
  into: 'main',
  branch: 'topic',
  isFork: false,
  head: { commit: COMMIT, message: 'a commit' },
  ...more,
});

/** A platform whose calls of the host are counted, and whose clock is moved by hand. */
function aPlatform(app: Partial<AppConfig> = {}) {
  const platform = memoryPlatform({ app });
  const calls: string[] = [];
  let slots = 0;
  const source = new Proxy(platform.source, {
    get: (target, name) => {
      calls.push(String(name));
      return Reflect.get(target, name);
    },
  });
  const ports = { ...platform, source, now: () => NOW + slots * SLOT };
  return {
    ...ports,
    calls,
    /** A quarter of an hour later. */
    async reconcile() {
      slots += 1;
      calls.length = 0;
      return reconcile(ports)({});
    },
    commits: async (stage: StageKey) =>
      (await platform.releases.latest(stage, 20)).map(({ release }) => release.commit),
    newest: async (stage: StageKey): Promise<Release | undefined> =>
      (await platform.releases.latest(stage, 1))[0]?.release,
    async end(stage: StageKey, error?: { code: string; message: string }) {
      const record = (await platform.releases.latest(stage, 20)).find(({ status }) => status === 'running');
      await finish(platform)({ release: record!.release, error });
    },
  };
}

describe('a reconciliation', () => {
  it('releases a head of whose push no event has told, once', async () => {
    const { branches, commits, newest, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    expect((await platform.reconcile()).outcomes).toMatchObject([
      { app: 'shop', stage: 'dev', started: { status: 'waiting' } },
      { app: 'shop', stage: 'prod', started: { status: 'waiting' } },
    ]);
    expect(await newest(DEV)).toMatchObject({ commit: NEXT, branch: 'main', trigger: { type: 'push' } });
    expect((await platform.reconcile()).outcomes).toEqual([]);
    expect(await commits(DEV)).toEqual([NEXT, COMMIT]);
  });

  it('of two at the same time makes one release', async () => {
    const { branches, commits, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    await Promise.all([reconcile(platform)({}), reconcile(platform)({})]);
    expect(await commits(DEV)).toEqual([NEXT, COMMIT]);
  });

  it('leaves alone what was released, rolled back or failed since', async () => {
    const { branches, commits, end, ...platform } = aPlatform();
    await platform.reconcile();
    branches.main = NEXT;
    await push(platform)(aPush());
    await end(DEV, { code: 'ServiceFailed', message: 'a service failed' });
    expect((await platform.reconcile()).outcomes).toEqual([]);
    expect(await commits(DEV)).toEqual([NEXT]);
  });

  it('releases nothing because a rule is new or a branch is old', async () => {
    const { branches, ...platform } = aPlatform({ branchStages: [] });
    branches['feature/old'] = COMMIT;
    expect((await platform.reconcile()).outcomes).toEqual([]);
    const branchStages = [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }];
    const apps = memoryApps([anApp({ branchStages })]);
    expect((await reconcile({ ...platform, apps })({})).outcomes).toEqual([]);
    branches['feature/new'] = COMMIT;
    expect((await reconcile({ ...platform, apps })({})).outcomes).toMatchObject([
      { stage: expect.stringMatching(/^feature-new/), started: {} },
    ]);
  });

  it('ignores a marked commit once', async () => {
    const { branches, repository, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    repository.messages[NEXT] = 'docs [skip ci]';
    await platform.reconcile();
    await platform.reconcile();
    expect(await platform.releases.ignored('shop', 10)).toMatchObject([{ reason: { code: 'skip-marked' } }]);
  });

  it('gives an open pull request the stage that it lacks, and looks at one that has none only once', async () => {
    const { repository, newest, calls, ...platform } = aPlatform({ pullRequests });
    repository.pullRequests[12] = aPullRequest();
    repository.pullRequests[13] = aPullRequest({ number: 13, isFork: true });
    await platform.reconcile();
    expect(await newest(PR)).toMatchObject({ commit: COMMIT, trigger: { type: 'pull-request' } });
    expect(await newest({ app: 'shop', stage: 'pr-13' })).toBeUndefined();
    expect(calls.filter((call) => call === 'pullRequest')).toHaveLength(2);
    await platform.reconcile();
    expect(calls).toEqual(['branches', 'openPullRequests', 'repositoryId']);
  });

  it('fills a repository with many open pull requests by and by', async () => {
    const { repository, ...platform } = aPlatform({ pullRequests });
    for (let number = 1; number <= 25; number += 1) repository.pullRequests[number] = aPullRequest({ number });
    const counts = [];
    for (let time = 0; time < 4; time += 1) counts.push((await platform.reconcile()).outcomes.length);
    expect(counts).toEqual([10, 10, 5, 0]);
  });

  it('releases the head of a pull request that moved', async () => {
    const { repository, branches, newest, ...platform } = aPlatform({ pullRequests });
    branches.topic = COMMIT;
    repository.pullRequests[12] = aPullRequest();
    await platform.reconcile();
    branches.topic = NEXT;
    repository.pullRequests[12] = aPullRequest({ head: { commit: NEXT, message: 'more' } });
    await platform.reconcile();
    expect(await newest(PR)).toMatchObject({ commit: NEXT });
  });

  it('removes the stage of a closed pull request, and tries again up to three times', async () => {
    const { repository, newest, end, ...platform } = aPlatform({ pullRequests });
    repository.pullRequests[12] = aPullRequest();
    await platform.reconcile();
    await end(PR);
    repository.pullRequests[12] = aPullRequest({ state: 'closed' });
    const failure = { code: 'StageRemovalIncomplete', message: 'a bucket is not empty' };
    for (let time = 0; time < 3; time += 1) {
      expect((await platform.reconcile()).outcomes).toMatchObject([
        { stage: 'pr-12', removing: { status: 'running' } },
      ]);
      expect(await newest(PR)).toMatchObject({ remove: { emptyBuckets: true, because: 'pull-request-closed' } });
      // While it runs nothing is to be done.
      expect((await platform.reconcile()).outcomes).toEqual([]);
      await end(PR, failure);
    }
    expect((await platform.reconcile()).outcomes).toEqual([]);
  });

  it('removes the stage of a branch that is gone', async () => {
    const branchStages = [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }];
    const { branches, newest, ...platform } = aPlatform({ branchStages });
    branches['feature/a'] = COMMIT;
    await push(platform)(aPush('feature/a'));
    delete branches['feature/a'];
    await platform.reconcile();
    const stage = branchStageName('feature/a', ['dev', 'prod']);
    expect(await newest({ app: 'shop', stage })).toMatchObject({ remove: { because: 'branch-deleted' } });
  });

  it('forgets a stage that was made and never released to', async () => {
    const { stages, ...platform } = aPlatform({ pullRequests });
    const stage = { ...PR, template: 'dev', origin: { kind: 'pull-request', number: 12, branch: 'x' } as const };
    await stages.make({ ...stage, madeAt: new Date(NOW).toISOString() });
    await platform.reconcile();
    expect(await stages.list('shop')).toHaveLength(1);
    for (let time = 0; time < 4; time += 1) await platform.reconcile();
    expect(await stages.list('shop')).toEqual([]);
  });

  it('goes on with other apps if one cannot be read, and says which', async () => {
    const { branches, newest, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    const revoked = anApp({ app: 'blog', repository: { provider: 'github', name: 'acme/blog' } });
    const logged: unknown[] = [];
    const source: typeof platform.source = {
      ...platform.source,
      head: platform.source.head,
      branches: async (repository) => {
        if (repository.provider === 'codecommit') return platform.source.branches(repository);
        throw new ReleaseError('SourceAccessDenied', 'GitHub App 1 is not installed at "acme"');
      },
    };
    const log = { ...platform.log, warn: (message: string, fields: object) => logged.push({ message, ...fields }) };
    const done = await reconcile({ ...platform, source, log, apps: memoryApps([revoked, anApp()]) })({});
    expect(done).toMatchObject({ apps: 2, failed: ['blog'] });
    expect(await newest(DEV)).toMatchObject({ commit: NEXT });
    expect(logged).toEqual([
      {
        message: 'an app could not be reconciled',
        app: 'blog',
        error: expect.objectContaining({ code: 'SourceAccessDenied' }),
      },
    ]);
  });

  it('may be of one app', async () => {
    const { branches, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    expect(await reconcile(platform)({ app: 'blog' })).toEqual({ apps: 1, outcomes: [], failed: [] });
    expect((await reconcile(platform)({ app: 'shop' })).outcomes).toHaveLength(2);
  });

  it('looks again at what failed, and only at that', async () => {
    const { branches, newest, ...platform } = aPlatform({ stages: { dev: anApp().stages.dev! } });
    branches['topic/a'] = COMMIT;
    await platform.reconcile();
    branches.main = NEXT;
    branches['topic/a'] = NEXT;
    const source: typeof platform.source = {
      ...platform.source,
      head: async (repository, ref) => {
        if ('branch' in ref && ref.branch === 'topic/a') throw new ReleaseError('SourceUnavailable', 'GitHub is away');
        return platform.source.head(repository, ref);
      },
      branches: platform.source.branches,
    };
    const started = await reconcile({ ...platform, source })({});
    expect(started.outcomes).toMatchObject([{ stage: 'dev', started: {} }]);
    expect((await newest(DEV))!.branch).toBe('main');
    expect((await platform.reconcile()).outcomes).toMatchObject([{ stage: 'dev', started: {} }]);
    expect((await newest(DEV))!.branch).toBe('topic/a');
    expect((await platform.reconcile()).outcomes).toEqual([]);
  });

  it('releases a tag of whose push no event has told, and one that was moved, each once', async () => {
    const { repository, newest, commits, calls, ...platform } = aPlatform({ stages: TAGGED });
    repository.tags.v0 = COMMIT;
    await platform.reconcile();
    repository.tags.v1 = COMMIT;
    repository.tags.other = COMMIT;
    expect((await platform.reconcile()).outcomes).toMatchObject([{ stage: 'prod', started: {} }]);
    expect(await newest(PROD)).toMatchObject({ commit: COMMIT, tag: 'v1', trigger: { type: 'push' } });
    repository.tags.v1 = NEXT;
    await platform.reconcile();
    await platform.reconcile();
    expect(await commits(PROD)).toEqual([NEXT, COMMIT]);
    expect(calls).toEqual(['branches', 'tags', 'repositoryId']);
  });

  it('releases no old tag because a rule for tags is new', async () => {
    const { repository, ...platform } = aPlatform({ stages: TAGGED });
    Object.assign(repository.tags, { v1: COMMIT, 'release-1': COMMIT });
    await platform.reconcile();
    const stages = { prod: { ...TAGGED.prod, tags: ['v*', 'release-*'] } };
    const apps = memoryApps([anApp({ stages })]);
    expect((await reconcile({ ...platform, apps })({})).outcomes).toEqual([]);
    repository.tags['release-2'] = COMMIT;
    expect((await reconcile({ ...platform, apps })({})).outcomes).toMatchObject([{ stage: 'prod', started: {} }]);
  });

  it('releases an older commit to which a branch was forced back, of which no event has told', async () => {
    const { branches, commits, ...platform } = aPlatform();
    await push(platform)(aPush());
    branches.main = NEXT;
    await push(platform)(aPush('main', { id: 'event-2' }));
    branches.main = COMMIT;
    await platform.reconcile();
    expect(await commits(DEV)).toEqual([COMMIT, NEXT, COMMIT]);
  });

  it('releases a branch that came back as it was, though only its deletion was told', async () => {
    const branchStages = [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }];
    const { branches, end, newest, ...platform } = aPlatform({ branchStages });
    const stage = { app: 'shop', stage: branchStageName('feature/a', ['dev', 'prod']) };
    branches['feature/a'] = COMMIT;
    await push(platform)(aPush('feature/a'));
    await platform.reconcile();
    await end(stage);
    delete branches['feature/a'];
    await push(platform)(aPush('feature/a', { id: 'event-2' }));
    await end(stage);
    branches['feature/a'] = COMMIT;
    await platform.reconcile();
    expect(await newest(stage)).toMatchObject({ commit: COMMIT, trigger: { type: 'push' } });
  });

  it('removes the stage of a pull request that goes elsewhere now, and gives it one when it comes back', async () => {
    const { repository, end, newest, ...platform } = aPlatform({ pullRequests });
    repository.pullRequests[12] = aPullRequest();
    await platform.reconcile();
    await end(PR);
    repository.pullRequests[12] = aPullRequest({ into: 'other' });
    await platform.reconcile();
    expect(await newest(PR)).toMatchObject({ remove: { because: 'pull-request-retargeted' } });
    await end(PR);
    repository.pullRequests[12] = aPullRequest();
    await platform.reconcile();
    expect(await newest(PR)).toMatchObject({ commit: COMMIT, trigger: { type: 'pull-request' } });
  });

  it('leaves a stage removed that somebody has removed, until its pull request moves', async () => {
    const { repository, end, newest, ...platform } = aPlatform({ pullRequests });
    repository.pullRequests[12] = aPullRequest();
    await platform.reconcile();
    await end(PR);
    await remove(platform)({ ...PR, requestId: 'by hand' });
    await end(PR);
    expect((await platform.reconcile()).outcomes).toEqual([]);
    repository.pullRequests[12] = aPullRequest({ head: { commit: NEXT, message: 'more' } });
    await platform.reconcile();
    expect(await newest(PR)).toMatchObject({ commit: NEXT });
  });

  describe('after an outage of the host', () => {
    const away = { code: 'SourceUnavailable', message: 'GitHub answers 502' };
    const config = { stages: { dev: anApp().stages.dev! } };

    it('releases again what failed for it, as often as it takes', async () => {
      const { commits, end, ...platform } = aPlatform(config);
      await push(platform)(aPush());
      for (const error of [away, away, undefined]) {
        await end(DEV, error);
        await platform.reconcile();
      }
      expect(await commits(DEV)).toEqual([COMMIT, COMMIT, COMMIT]);
      expect(await platform.releases.open()).toEqual([]);
    });

    it('leaves what somebody has released or rolled back since', async () => {
      const { commits, end, ...platform } = aPlatform(config);
      await push(platform)(aPush());
      await end(DEV, away);
      await start(platform)({ ...DEV, commit: COMMIT, requestId: 'by hand' });
      await end(DEV);
      for (let time = 0; time < 3; time += 1) await platform.reconcile();
      expect(await commits(DEV)).toEqual([COMMIT, COMMIT]);
      expect(await platform.releases.refs('shop')).toMatchObject([{ ref: 'heads/main', again: undefined }]);
    });

    it('leaves what a person has asked for to that person', async () => {
      const { commits, end, ...platform } = aPlatform(config);
      await start(platform)({ ...DEV, branch: 'main', requestId: 'by hand' });
      await end(DEV, away);
      await platform.reconcile();
      expect(await commits(DEV)).toEqual([COMMIT]);
    });
  });

  describe('that is the first of this version', () => {
    const before = (branches: Record<string, string>) => ({
      branches: Object.fromEntries(Object.entries(branches).map(([name, commit]) => [name, commit.slice(0, 12)])),
    });
    /** A stage with a release that an older version has accepted, which noted no states. */
    async function anOldPlatform() {
      const platform = aPlatform({ stages: { dev: anApp().stages.dev! } });
      await start(platform)({ ...DEV, branch: 'main', requestId: 'old' });
      await platform.end(DEV);
      const refs = jest.spyOn(platform.releases, 'refs').mockResolvedValueOnce([]);
      return { ...platform, refs };
    }

    it('releases nothing that was released, and knows it from then on', async () => {
      const { branches, commits, ...platform } = await anOldPlatform();
      await platform.reconciliations.keep('shop', before({ main: NEXT }));
      expect((await platform.reconcile()).outcomes).toEqual([]);
      expect(await platform.releases.refs('shop')).toMatchObject([{ ref: 'heads/main', head: COMMIT }]);
      branches.main = NEXT;
      await platform.reconcile();
      expect(await commits(DEV)).toEqual([NEXT, COMMIT]);
    });

    it('releases what has moved since the last one, and was not released', async () => {
      const { branches, commits, ...platform } = await anOldPlatform();
      await platform.reconciliations.keep('shop', before({ main: COMMIT }));
      branches.main = NEXT;
      await platform.reconcile();
      expect(await commits(DEV)).toEqual([NEXT, COMMIT]);
    });
  });

  it('makes the same few calls of the host however much there is', async () => {
    const { branches, calls, ...platform } = aPlatform({ pullRequests });
    for (let index = 0; index < 200; index += 1) branches[`topic/${index}`] = COMMIT;
    await platform.reconcile();
    expect(calls).toEqual(['branches', 'openPullRequests', 'repositoryId']);
    const latest = jest.spyOn(platform.releases, 'latest');
    await platform.reconcile();
    expect(calls).toEqual(['branches', 'openPullRequests', 'repositoryId']);
    expect(latest).not.toHaveBeenCalled();
  });
});
