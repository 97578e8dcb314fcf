import { handleDelivery } from '../../../lambdas/trigger/handle-delivery';
import { reconcile } from '../../../lambdas/trigger/reconcile';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { NOTHING } from '../../../lib/core/trigger/event-hint';
import { memorySource } from '../../../lib/memory/memory-source';
import type { Source } from '../../../lib/ports/source';
import { anApp, memoryPlatform, NOW } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const PR = { app: 'shop', stage: 'pr-1' };
const commitOf = (number: number): string => String(number).padStart(40, '0');

/** A repository at GitHub whose commits follow one another, and whose API may show it as it was. */
function aWorld() {
  const { dev, prod } = anApp().stages;
  const app: Partial<AppConfig> = {
    repository: { provider: 'github', name: 'acme/shop' },
    stages: { dev: { ...dev!, branches: ['main'] }, prod: { ...prod!, branches: [], tags: ['v*'] } },
    branchStages: [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }],
    pullRequests: { template: 'dev', into: ['main'], emptyBuckets: false },
  };
  const platform = memoryPlatform({ app, branches: { main: commitOf(1) } });
  const { repository, branches, releases } = platform;
  for (let number = 2; number < 10; number += 1) repository.parents[commitOf(number)] = [commitOf(number - 1)];
  const slept: number[] = [];
  /** What the API shows, if it lags, and how long that takes it. */
  let lag: { readonly old: Source; readonly until: number } | undefined;
  const source = new Proxy(platform.source, {
    get: (now, name) => {
      const waited = slept.reduce((sum, one) => sum + one, 0);
      return Reflect.get(lag && waited < lag.until ? lag.old : now, name);
    },
  });
  const pace = {
    async sleep(milliseconds: number) {
      slept.push(milliseconds);
    },
  };
  const ports = { ...platform, source, pace };
  let events = 0;
  const deliver = (kind: string, payload: object) => {
    events += 1;
    const text = JSON.stringify({ ...payload, repository: { full_name: 'acme/shop' } });
    return handleDelivery(ports, { delivery: `event-${events}`, kind, text });
  };
  return {
    ...platform,
    slept,
    /** From now on, the API shows the repository as it is at this moment, until so many milliseconds were waited. */
    lag(until = Number.POSITIVE_INFINITY) {
      lag = { old: memorySource({ 'acme/shop': structuredClone(repository) }), until };
      slept.length = 0;
    },
    catchUp() {
      lag = undefined;
      slept.length = 0;
    },
    /** Moves a branch. @returns the payload of its event */
    move(branch: string, number: number | undefined) {
      const before = branches[branch] ?? NOTHING;
      if (number === undefined) delete branches[branch];
      else branches[branch] = commitOf(number);
      return { ref: `refs/heads/${branch}`, before, after: number === undefined ? NOTHING : commitOf(number) };
    },
    pull(state: 'open' | 'closed', number: number) {
      const head = { commit: commitOf(number), message: 'a commit' };
      repository.pullRequests[1] = { number: 1, state, into: 'main', branch: 'topic', isFork: false, head };
    },
    mark: (number: number) => {
      repository.messages[commitOf(number)] = 'chore(release): 3.0.0 [skip ci]';
    },
    deliver,
    push: (payload: object) => deliver('push', payload),
    look: () => reconcile({ ...ports, now: () => NOW + 60_000 })({}),
    commits: async (stage = DEV) =>
      (await releases.latest(stage, 50))
        .map(({ release }) => (release.remove ? 'gone' : Number(release.commit)))
        .reverse(),
    ignored: async () => (await releases.ignored('shop', 50)).map(({ branch, reason }) => `${branch} ${reason.code}`),
  };
}

describe('if the API lags behind the event', () => {
  it('for a moment, the new head is released, and only that', async () => {
    const { push, move, lag, slept, commits } = aWorld();
    await push(move('main', 1));
    lag(1_000);
    await push(move('main', 2));
    expect(await commits()).toEqual([1, 2]);
    expect(slept).toEqual([500, 1_500]);
  });

  it.each([[1], [2]])('for longer, by %i pushes, nothing is released until reconciliation sees it', async (pushes) => {
    const { push, move, lag, catchUp, look, commits, ignored, slept } = aWorld();
    await push(move('main', 1));
    lag();
    if (pushes > 1) await push(move('main', 2));
    slept.length = 0;
    await push(move('main', 3));
    expect(slept).toEqual([500, 1_500, 3_000]);
    expect(await commits()).toEqual([1]);
    expect(await ignored()).toContain('main not-there-yet');
    catchUp();
    await look();
    await look();
    expect(await commits()).toEqual([1, 3]);
  });

  it('a head that was rolled back is not released again', async () => {
    const { push, move, lag, commits, releases } = aWorld();
    await push(move('main', 1));
    const queue = await releases.queue(DEV);
    // As a rollback leaves it: nothing is known of a release of the state.
    await releases.settle(DEV, queue, { ref: 'heads/main', head: commitOf(1), at: new Date(NOW).toISOString() });
    lag();
    await push(move('main', 2));
    expect(await commits()).toEqual([1]);
  });

  it('a branch that is not there yet gets its stage, at the latest by the first reconciliation', async () => {
    const { push, move, lag, catchUp, look, stages } = aWorld();
    lag(1_000);
    await push(move('feature/a', 2));
    lag();
    await push(move('feature/b', 3));
    const names = async () => (await stages.list('shop')).map(({ origin }) => origin.branch).sort();
    expect(await names()).toEqual(['feature/a']);
    catchUp();
    await look();
    expect(await names()).toEqual(['feature/a', 'feature/b']);
  });

  it('a branch that is still there loses its stage as soon as it is gone', async () => {
    const { push, move, lag, stages, commits } = aWorld();
    await push(move('feature/a', 2));
    const stage = (await stages.list('shop'))[0]!.stage;
    lag(1_000);
    await push(move('feature/a', undefined));
    expect(await commits({ app: 'shop', stage })).toEqual([2, 'gone']);
  });

  it('a tag that is not there yet is released', async () => {
    const { push, lag, repository, commits } = aWorld();
    lag(1_000);
    repository.tags['v1.0.0'] = commitOf(2);
    await push({ ref: 'refs/tags/v1.0.0', before: NOTHING, after: commitOf(2) });
    expect(await commits({ app: 'shop', stage: 'prod' })).toEqual([2]);
  });

  it('a pull request is opened, changed and closed as its events say', async () => {
    const { deliver, lag, pull, commits } = aWorld();
    const about = (action: string, number: number, before?: number) => ({
      action,
      number: 1,
      pull_request: { head: { sha: commitOf(number) } },
      ...(before !== undefined && { before: commitOf(before) }),
    });
    lag(1_000);
    pull('open', 2);
    await deliver('pull_request', about('opened', 2));
    lag(1_000);
    pull('open', 3);
    await deliver('pull_request', about('synchronize', 3, 2));
    lag(1_000);
    pull('closed', 3);
    await deliver('pull_request', about('closed', 3));
    expect(await commits(PR)).toEqual([2, 3, 'gone']);
  });
});

describe('a push on top of which a bot has put a marked commit', () => {
  it.each([
    ['in their order', [0, 1]],
    ['in the other order', [1, 0]],
    ['of which the first is lost', [1]],
    ['of which the second is lost', [0]],
    ['that come twice', [0, 1, 0, 1]],
    ['that are both lost', []],
  ])('is released once by events %s', async (_, order) => {
    const { push, move, mark, look, commits, ignored } = aWorld();
    await push(move('main', 1));
    mark(3);
    const events = [move('main', 2), move('main', 3)];
    for (const which of order) await push(events[which]!);
    await look();
    await look();
    expect(await commits()).toEqual([1, 2]);
    expect((await ignored()).every((one) => one === 'main skip-marked')).toBe(true);
  });

  it('of several bots is released, too', async () => {
    const { push, move, mark, look, commits } = aWorld();
    await push(move('main', 1));
    for (const number of [3, 4]) mark(number);
    move('main', 4);
    await look();
    expect(await commits()).toEqual([1, 2]);
  });

  it('is not released if it was pushed together with that', async () => {
    const { push, move, mark, look, commits, ignored } = aWorld();
    await push(move('main', 1));
    mark(3);
    await push(move('main', 3));
    await look();
    expect(await commits()).toEqual([1]);
    expect(await ignored()).toEqual(['main skip-marked']);
  });

  it('is not released if it was marked itself, was there before the app, or is not there any more', async () => {
    for (const [before, after, marked, head] of [
      [1, 2, [2, 3], 3],
      [2, 3, [3], 3],
      [1, 9, [3], 3],
    ] as const) {
      const { push, move, mark, commits } = aWorld();
      for (const number of marked) mark(number);
      move('main', head);
      await push({ ref: 'refs/heads/main', before: commitOf(before), after: commitOf(after) });
      expect(await commits()).toEqual([]);
    }
  });

  it('is found below the head of a pull request', async () => {
    const { deliver, pull, mark, repository, commits } = aWorld();
    mark(3);
    const about = (action: string, before: number, number: number) =>
      deliver('pull_request', {
        action,
        number: 1,
        before: commitOf(before),
        pull_request: { head: { sha: commitOf(number) } },
      });
    pull('open', 3);
    Object.assign(repository.pullRequests[1]!, { head: { commit: commitOf(3), message: 'chore [skip ci]' } });
    await about('synchronize', 1, 2);
    await about('synchronize', 2, 3);
    expect(await commits(PR)).toEqual([2]);
  });
});
