import { handleDelivery } from '../../../lambdas/trigger/handle-delivery';
import { NOTHING } from '../../../lib/core/trigger/event-hint';
import type { PullRequestReading } from '../../../lib/ports/source';
import { anApp, memoryPlatform } from '../../memory-platform';

const HEAD = 'c'.repeat(40);
const { dev } = anApp().stages;
const CONFIG = {
  repository: { provider: 'github', name: 'acme/shop' } as const,
  stages: { dev: { ...dev!, branches: ['main'] } },
};
const pullRequests = { template: 'dev', into: ['main'], emptyBuckets: false };

function aWorld(app: object = {}) {
  const platform = memoryPlatform({ app: { ...CONFIG, ...app } });
  const deliver = (kind: string, payload: object, ports = platform) =>
    handleDelivery(ports, {
      delivery: 'delivery-1',
      kind,
      text: JSON.stringify({ ...payload, repository: { full_name: 'acme/shop' } }),
    });
  const push = (branch: string, ports = platform) => {
    platform.branches[branch] = HEAD;
    return deliver('push', { ref: `refs/heads/${branch}`, before: NOTHING, after: HEAD }, ports);
  };
  const request = (more: Partial<PullRequestReading> = {}) => {
    const head = { commit: HEAD, message: 'a commit' };
    const open = { number: 1, state: 'open', into: 'main', branch: 'topic', isFork: false, head } as const;
    platform.repository.pullRequests[1] = { ...open, ...more };
    return deliver('pull_request', { action: 'opened', number: 1, pull_request: { head: { sha: HEAD } } });
  };
  return { ...platform, platform, push, request, told: () => platform.events.ignored.map(({ reason }) => reason) };
}

describe('a head of which nothing is released is told to whoever requires a status', () => {
  it.each(['topic', 'gh-readonly-queue/main/pr-12-0123456789abcdef'])(
    'of branch %s without a stage',
    async (branch) => {
      const { push, events } = aWorld();
      await push(branch);
      expect(events.ignored).toEqual([
        {
          app: 'shop',
          repository: CONFIG.repository,
          commit: HEAD,
          reason: `no stage of app "shop" deploys branch "${branch}"; its stages are dev (main)`,
        },
      ]);
    },
  );

  it('of a marked commit', async () => {
    const { push, repository, told } = aWorld();
    repository.messages[HEAD] = 'docs [skip ci]';
    await push('main');
    expect(told()).toEqual([`the message of commit ${HEAD} has [skip ci]`]);
  });

  it.each([
    ['where pull requests have no stages', {}, {}, 'app "shop" has no "pullRequests" in seedbed.yml'],
    [
      'of a fork',
      { pullRequests },
      { isFork: true },
      'pull request #1 comes from a fork; code from a fork is never run',
    ],
    ['into another branch', { pullRequests }, { into: 'next' }, expect.stringContaining('targets "next"')],
  ])('of a pull request %s', async (_, app, more, reason) => {
    const { request, told } = aWorld(app);
    await request(more);
    expect(told()).toEqual([reason]);
  });

  it('but not of a pull request that is about to be released, nor of what is gone or released', async () => {
    const { push, request, told } = aWorld({ pullRequests });
    await request();
    await push('topic');
    await push('main');
    expect(told()).toEqual([]);
  });

  it('and nothing fails if it cannot be told', async () => {
    const { push, platform, releases } = aWorld();
    const publishIgnored = async () => Promise.reject(new Error('no such bus'));
    await push('topic', { ...platform, events: { ...platform.events, publishIgnored } });
    expect(await releases.ignored('shop', 1)).toHaveLength(1);
    expect(platform.warnings).toEqual(['that a push is ignored could not be published']);
  });
});
