import { releasePullRequest } from '../../../lambdas/trigger/release-ref';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import type { PullRequestReading } from '../../../lib/ports/source';
import { COMMIT } from '../../builders';
import { anApp, memoryPlatform } from '../../memory-platform';

const PR = { app: 'shop', stage: 'pr-12' };
const OTHER = 'c'.repeat(40);

function aPlatform(more: Partial<PullRequestReading> = {}, app: Partial<AppConfig> = {}) {
  const config = anApp({ pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true }, ...app });
  const platform = memoryPlatform({ app: config });
  let asked = 0;
  const { pullRequests } = platform.repository;
  const source = {
    ...platform.source,
    pullRequest: async (...of: Parameters<typeof platform.source.pullRequest>) => {
      asked += 1;
      return platform.source.pullRequest(...of);
    },
  };
  const is = (now: Partial<PullRequestReading>): void => {
    pullRequests[12] = {
      number: 12,
      state: 'open',
      into: 'main',
      branch: 'topic',
      isFork: false,
      head: { commit: COMMIT, message: 'a commit' },
      ...now,
    };
  };
  is(more);
  let deliveries = 0;
  return {
    ...platform,
    /** Makes the pull request be something else. */
    is,
    asked: () => asked,
    look: async (id?: string) => {
      deliveries += 1;
      const cause = { id: id ?? `delivery-${deliveries}`, by: 'ada', at: '2026-01-02T03:04:05.000Z' };
      return releasePullRequest({ ...platform, source }, { config, number: 12, cause });
    },
    newest: async () => (await platform.releases.latest(PR, 1))[0]?.release,
    ignored: async () =>
      (await platform.releases.ignored('shop', 10)).map(({ branch, reason }) => [branch, reason.code]),
  };
}

describe('a pull request', () => {
  it('has its head released to a stage of its own', async () => {
    const { look, newest, stages, asked } = aPlatform();
    expect(await look()).toEqual([{ stage: 'pr-12', started: { releaseId: expect.any(String), status: 'running' } }]);
    expect(await newest()).toMatchObject({
      commit: COMMIT,
      branch: 'topic',
      template: 'dev',
      pullRequest: { number: 12 },
      trigger: { type: 'pull-request', id: 'delivery-1/pr-12', by: 'ada' },
    });
    expect(await stages.find(PR)).toMatchObject({ origin: { kind: 'pull-request', number: 12, branch: 'topic' } });
    expect(asked()).toBe(1);
  });

  it('is released again with each commit, and once for each delivery', async () => {
    const { look, is, newest, releases } = aPlatform();
    await look('one');
    is({ head: { commit: OTHER, message: 'another' } });
    await look('two');
    expect(await newest()).toMatchObject({ commit: OTHER });
    expect(await look('two')).toMatchObject([{ started: { status: 'duplicate' } }]);
    expect(await releases.latest(PR, 10)).toHaveLength(2);
  });

  it('that is closed has its stage removed', async () => {
    const { look, is, newest, ignored } = aPlatform();
    await look();
    is({ state: 'closed' });
    expect(await look()).toEqual([{ stage: 'pr-12', removing: { releaseId: expect.any(String), status: 'waiting' } }]);
    expect(await newest()).toMatchObject({ remove: { emptyBuckets: true, because: 'pull-request-closed' } });
    expect(await ignored()).toEqual([]);
  });

  it('that is opened again before its stage has gone keeps it', async () => {
    const { look, is, newest, stages } = aPlatform();
    await look();
    is({ state: 'closed' });
    await look();
    is({ state: 'open' });
    await look();
    expect(await newest()).toMatchObject({ commit: COMMIT, trigger: { type: 'pull-request' } });
    expect((await stages.find(PR))!.removeAskedAt).toBeUndefined();
  });

  it('that is closed without ever having had a stage leaves nothing to do', async () => {
    const { look, executions, ignored } = aPlatform({ state: 'closed' });
    expect(await look()).toEqual([{ stage: 'pr-12', ignored: 'there is no stage "pr-12" to remove' }]);
    expect(executions.started).toEqual([]);
    expect(await ignored()).toEqual([]);
  });

  it('that is into another branch now has its stage removed', async () => {
    const { look, is, newest } = aPlatform();
    await look();
    is({ into: 'elsewhere' });
    await look();
    expect(await newest()).toMatchObject({ remove: { because: 'pull-request-retargeted' } });
  });

  it.each<[string, Partial<PullRequestReading>]>([
    ['pull-request-of-fork', { isFork: true }],
    ['pull-request-to-other-branch', { into: 'elsewhere' }],
    ['skip-marked', { head: { commit: COMMIT, message: 'WIP [skip seedbed]' } }],
  ])('runs nothing: %s', async (code, now) => {
    const { look, executions, ignored, stages } = aPlatform(now);
    await look();
    expect(executions.started).toEqual([]);
    expect(await stages.list('shop')).toEqual([]);
    expect(await ignored()).toEqual([['#12', code]]);
  });

  it('is not asked for where pull requests have no stages', async () => {
    const { look, asked, ignored } = aPlatform({}, { pullRequests: undefined });
    await look();
    expect(await ignored()).toEqual([['#12', 'pull-requests-off']]);
    expect(asked()).toBe(0);
  });

  it('that is closed has its stage removed also when the rule it was made by has gone', async () => {
    const before = aPlatform();
    await before.look();
    before.is({ state: 'closed' });
    const cause = { id: 'later', at: '2026-01-02T03:04:05.000Z' };
    await releasePullRequest(before, { config: anApp(), number: 12, cause });
    expect(await before.newest()).toMatchObject({ remove: { emptyBuckets: false } });
  });
});
