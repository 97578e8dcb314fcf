import { virtualClock } from '../../state-machines/virtual-clock';
import { lambdaAccount } from './lambda-account';
import { codeOf, type ReleaseOptions, serviceWorld } from './service-world';

const FUNCTIONS = Array.from({ length: 20 }, (_, index) => `F${index}`);
const commit = (code: string) => ({ functions: Object.fromEntries(FUNCTIONS.map((id) => [id, code])) });

/** Services of twenty functions each in one account, all deployed, and a way to release new code of all of them. */
async function services(count: number) {
  const clock = virtualClock();
  const account = lambdaAccount(clock);
  const worlds = Array.from({ length: count }, (_, index) => serviceWorld(account.wrap(`${index}`), clock));
  for (const world of worlds) await world.release(commit('A'));
  // The bucket is full again.
  await clock.sleep(10_000);
  account.calls.length = 0;
  return {
    account,
    clock,
    worlds,
    async release(options: (service: number) => ReleaseOptions = () => ({})) {
      const start = clock.now();
      const ends = await Promise.all(worlds.map((world, index) => world.release(commit('B'), options(index))));
      return { ends, seconds: (clock.now() - start) / 1_000 };
    },
    serving: async () =>
      (await Promise.all(worlds.map((world) => world.serving(...FUNCTIONS))))
        .flat()
        .map((code) => code === codeOf('B')),
  };
}

/** How long the moves of one service's aliases took, in milliseconds, longest first. */
function spreads({ calls }: ReturnType<typeof lambdaAccount>): readonly number[] {
  const moves = new Map<string, number[]>();
  for (const { operation, name, at, refused } of calls) {
    if (operation !== 'moveAlias' || refused) continue;
    const service = name.split(' ')[0]!;
    moves.set(service, [...(moves.get(service) ?? []), at]);
  }
  return [...moves.values()].map((times) => Math.max(...times) - Math.min(...times)).sort((a, b) => b - a);
}

/** What the bucket of fifteen a second takes for so many calls. */
const limit = (calls: number): number => (calls - 15) / 15;

describe('a release whose shared code changed, at the pace of AWS', () => {
  it.each([4, 8, 16])('of %d services of twenty functions is close to what Lambda allows', async (count) => {
    const { account, release, serving } = await services(count);
    const { ends, seconds } = await release();
    expect(ends.map(({ record }) => record.status)).toEqual(Array(count).fill('deployed'));
    expect(await serving()).toEqual(Array(count * 20).fill(true));
    const needed = 2 * 20 * count;
    expect(account.calls.filter(({ refused }) => refused)).toEqual([]);
    expect(account.calls).toHaveLength(needed);
    // A build and a few short workers are in it; of four services they are a large part.
    expect(seconds).toBeLessThanOrEqual(1.15 * limit(needed) + 4);
    // Twenty calls of fourteen a second.
    expect(spreads(account)[0]).toBeLessThanOrEqual(2_500);
  });
});

describe('a release of sixteen services while somebody else uses up Lambda’s calls', () => {
  it.each([
    ['while versions are made', 12_000],
    ['while aliases move', 35_000],
  ])('for a minute, %s, comes to the same: nothing fails, goes back or is done again', async (_, after) => {
    const { account, clock, release, serving } = await services(16);
    account.refuses(clock.now() + after, 60_000);
    const { ends, seconds } = await release();
    expect(ends.map(({ error }) => error)).toEqual(Array(16).fill(undefined));
    expect(await serving()).toEqual(Array(320).fill(true));
    const taken = account.calls.filter(({ refused }) => !refused);
    expect(taken).toHaveLength(640);
    expect(account.calls.length - taken.length).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60 + 1.3 * limit(640) + 10);
  });
});

describe('a release of sixteen services of which workers die', () => {
  it.each(['Decide', 'Prepare functions', 'Move aliases'] as const)(
    'after %s has done its work: what is done is found done',
    async (state) => {
      const { account, release, serving } = await services(16);
      const dead = new Set<number>();
      const { ends } = await release((service) => ({
        after: {
          [state]: () => {
            if (service % 3 !== 0 || dead.has(service)) return;
            dead.add(service);
            throw Object.assign(new Error('the worker died'), { name: 'Lambda.Unknown' });
          },
        },
      }));
      expect(dead.size).toBe(6);
      expect(ends.map(({ error }) => error)).toEqual(Array(16).fill(undefined));
      expect(await serving()).toEqual(Array(320).fill(true));
      // Each of the six asks once more for each of its functions.
      expect(account.calls.length).toBeLessThanOrEqual(640 + 6 * 20 * 2);
      expect(account.calls.filter(({ refused }) => refused)).toEqual([]);
    },
  );
});

describe('a service of a hundred functions', () => {
  it('makes its versions and moves its aliases close to what Lambda allows', async () => {
    const clock = virtualClock();
    const account = lambdaAccount(clock);
    const world = serviceWorld(account.wrap('large'), clock);
    const all = (code: string) => ({
      functions: Object.fromEntries([...Array(100).keys()].map((id) => [`F${id}`, code])),
    });
    await world.release(all('A'));
    await clock.sleep(10_000);
    account.calls.length = 0;
    const start = clock.now();
    await world.release(all('B'));
    expect(account.calls).toHaveLength(200);
    expect(account.calls.filter(({ refused }) => refused)).toEqual([]);
    expect((clock.now() - start) / 1_000).toBeLessThanOrEqual(1.15 * limit(200) + 4);
  });
});

describe('one function of a hundred', () => {
  it('takes little more than its update, the second in which it is in progress, and its move', async () => {
    const clock = virtualClock();
    const account = lambdaAccount(clock);
    const world = serviceWorld(account.wrap('large'), clock);
    const ids = [...Array(100).keys()].map((id) => `F${id}`);
    const commitWith = (code: string) => ({
      functions: Object.fromEntries(ids.map((id) => [id, id === 'F7' ? code : 'A'])),
    });
    await world.release(commitWith('A'));
    await clock.sleep(10_000);
    let [decided, moved] = [0, 0];
    await world.release(commitWith('B'), {
      after: {
        Decide: () => {
          decided = clock.now();
        },
        'Move aliases': () => {
          moved = clock.now();
        },
      },
    });
    expect(moved - decided).toBeLessThanOrEqual(600 + 1_000 + 2 * 80);
  });
});
