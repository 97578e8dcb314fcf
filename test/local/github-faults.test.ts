import { Octokit } from '@octokit/core';
import { throttling } from '@octokit/plugin-throttling';
import { PATIENCE, run } from './a-cloud';
import { type AGitHub, aGitHub, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

describe('faults of the double of GitHub', () => {
  let at: AGitHub;
  beforeAll(async () => {
    at = await aGitHub();
    await aRepository(at, 'acme/shop');
  });
  afterAll(() => at.stop());
  beforeEach(() => at.ada.control({ clear: true }));
  const ask = () => at.call('GET', '/repos/acme/shop');
  const now = () => Math.floor(Date.now() / 1000);

  it('are a limit of calls an hour, of which each answer says what is left', async () => {
    const { headers } = await ask();
    const used = Number(headers.get('x-ratelimit-used'));
    expect(headers.get('x-ratelimit-limit')).toBe('5000');
    expect(headers.get('x-ratelimit-remaining')).toBe(String(5000 - used));
    expect(headers.get('x-ratelimit-resource')).toBe('core');
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(now());
    await at.ada.control({ limits: { callsPerHour: used + 1 } });
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(403);
  });

  it('are calls that are used up until a given time', async () => {
    const until = now() + 100;
    await at.ada.control({ faults: { rateLimit: { until } } });
    const refused = await ask();
    expect(refused).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('API rate limit exceeded') },
    });
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(until));
    await at.ada.control({ faults: { rateLimit: { until, status: 429 } } });
    expect((await ask()).status).toBe(429);
    at.clock.ahead = 101_000;
    expect((await ask()).status).toBe(200);
    at.clock.ahead = 0;
  });

  it('are a secondary limit, which Octokit understands', async () => {
    await at.ada.control({ faults: { secondaryLimit: { retryAfter: 1, calls: 1 } } });
    const seen: string[] = [];
    const Throttled = Octokit.plugin(throttling);
    const octokit = new Throttled({
      baseUrl: at.apiUrl,
      auth: 'ada',
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      throttle: {
        onRateLimit: () => false,
        onSecondaryRateLimit: (retryAfter) => {
          seen.push(`again after ${retryAfter} s`);
          return true;
        },
      },
    });
    const { status } = await octokit.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'shop' });
    expect([status, seen]).toEqual([200, ['again after 1 s']]);
  });

  it('are outages, for some calls or until they are switched off', async () => {
    await at.ada.control({ faults: { outage: { status: 502, calls: 2 } } });
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([502, 502, 200]);
    await at.ada.control({ faults: { outage: { status: 503 } } });
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 503]);
    await expect(run('git', ['ls-remote', at.ada.gitUrl('acme/shop')])).rejects.toThrow('503');
    await at.ada.control({ faults: { outage: { status: 503, of: 'git' } } });
    expect((await ask()).status).toBe(200);
    await at.ada.control({ faults: { outage: null } });
    await run('git', ['ls-remote', at.ada.gitUrl('acme/shop')]);
  });

  it('are slow answers', async () => {
    await at.ada.control({ faults: { delayMs: 150 } });
    const asked = ask();
    await at.clock.asleepFor(150);
    at.clock.windOn(149);
    expect(at.clock.due()).toEqual([1]);
    at.clock.windOn(1);
    expect((await asked).status).toBe(200);
  });

  it('are an API that shows branches, tags and pull requests only some time after webhooks have told of them', async () => {
    const clone = await aRepository(at, 'acme/lags');
    const shown = async (path: string) => {
      const { status, body } = await at.call('GET', `/repos/acme/lags/${path}`);
      return status === 200 ? (body.commit ?? body.object ?? body.head).sha : status;
    };
    const [old, next] = [await clone.commit('a commit', { a: '1' }), await clone.commit('another', { a: '2' })];
    const push = (...refs: string[]) => clone.git('push', '--quiet', 'origin', ...refs);
    await push(`${old}:refs/heads/main`, `${next}:refs/heads/topic`);
    const { number } = await at.ada.openPullRequest('acme/lags', { title: 'a', head: 'topic', base: 'main' });
    at.clock.ahead += 10_000;

    await at.ada.control({ faults: { apiLagMs: 5_000 } });
    const last = await clone.commit('the last', { a: '3' });
    await clone.git('checkout', '--quiet', '--detach', old);
    const main = await clone.commit('beside it', { b: '1' });
    await push(`${main}:refs/heads/main`, `${last}:refs/heads/topic`, `${next}:refs/heads/new`, `${next}:refs/tags/v1`);
    const all = async () =>
      Promise.all(['branches/main', 'branches/new', 'git/ref/tags/v1', `pulls/${number}`].map(shown));
    expect(await all()).toEqual([old, 404, 404, next]);
    expect((await at.call('GET', '/repos/acme/lags/branches')).body).toMatchObject([
      { name: 'main' },
      { name: 'topic' },
    ]);
    expect((await at.call('GET', '/repos/acme/lags/git/matching-refs/tags/v')).body).toEqual([]);
    at.clock.ahead += 5_000;
    expect(await all()).toEqual([main, next, next, last]);
    at.clock.ahead = 0;
  });

  it('are refused if they are unknown', async () => {
    await expect(at.ada.control({ faults: { outtage: {} } } as never)).rejects.toThrow('outtage');
  });
});
