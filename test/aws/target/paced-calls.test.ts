import { LambdaBusy } from '../../../lib/aws/target/lambda-busy';
import { type PaceOptions, pacedCalls } from '../../../lib/aws/target/paced-calls';
import { memoryCallBudget } from '../../../lib/memory/memory-call-budget';
import type { CallBudget } from '../../../lib/ports/call-budget';
import { HastyClock } from '../../test-clock';

const place = { account: '123456789012', region: 'eu-central-1' };
const throttled = new LambdaBusy('throttled', new Error('Rate exceeded'));

/** Paced calls on a clock on which nobody waits, and what was reserved for them. */
function pacing(options: PaceOptions = {}, id = 'release', clock = new HastyClock(), shared?: CallBudget) {
  const budget = shared ?? memoryCallBudget(clock);
  const told: string[] = [];
  const paced = pacedCalls({
    budget: {
      reserve: (where, request) => {
        told.push(`reserve ${request.calls}`);
        return budget.reserve(where, request);
      },
      throttled: (where) => {
        told.push('throttled');
        return budget.throttled(where);
      },
    },
    place,
    caller: { id, rank: 'configured' },
    clock,
    random: () => 1,
    ...options,
  });
  return { paced, told, clock, budget };
}

/** Makes so many calls at once. @returns when each began, from the beginning of the first */
async function begins(count: number, { paced, clock }: ReturnType<typeof pacing>): Promise<readonly number[]> {
  const start = clock.now();
  return Promise.all(Array.from({ length: count }, () => paced(async () => clock.now() - start)));
}

describe('pacedCalls', () => {
  it('answers and fails as the call does', async () => {
    const { paced } = pacing();
    await expect(paced(async () => 'answer')).resolves.toBe('answer');
    await expect(paced(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('reserves half a second of calls at a time', async () => {
    const pace = pacing();
    await begins(16, pace);
    expect(pace.told).toEqual(['reserve 7', 'reserve 7', 'reserve 2']);
  });

  it('reserves all at once what is to happen together', async () => {
    const pace = pacing({ together: true });
    await begins(16, pace);
    expect(pace.told).toEqual(['reserve 16']);
  });

  it('makes no crowd of calls that have become due while the worker was held up', async () => {
    const clock = new HastyClock();
    const late: CallBudget = {
      reserve: async (_, { calls }) => ({ begins: Array(calls).fill(clock.now() - 5_000) }),
      throttled: async () => undefined,
    };
    const times = await begins(20, pacing({ together: true }, 'release', clock, late));
    expect(times[19]! - times[0]!).toBeGreaterThanOrEqual(19 * 40);
  });

  it('gives a throttled call another turn, and makes no other call again', async () => {
    const { paced, told } = pacing();
    const made: string[] = [];
    let refusals = 3;
    await Promise.all([
      paced(async () => {
        made.push('A');
        refusals -= 1;
        if (refusals >= 0) throw throttled;
      }),
      paced(async () => made.push('B')),
    ]);
    expect(made.filter((call) => call === 'A')).toHaveLength(4);
    expect(made.filter((call) => call === 'B')).toHaveLength(1);
    expect(told.filter((line) => line === 'throttled')).toHaveLength(3);
  });

  it('takes another turn while an update is in progress, without telling that the pool is empty', async () => {
    const { paced, told } = pacing();
    let refusals = 2;
    await paced(async () => {
      refusals -= 1;
      if (refusals >= 0) throw new LambdaBusy('in-progress', new Error('An update is in progress'));
    });
    expect(told).toEqual(['reserve 1', 'reserve 1', 'reserve 1']);
  });

  it('gives up with Lambda’s own error when it stays busy', async () => {
    const { paced, clock } = pacing({ triesFor: 20_000 });
    const start = clock.now();
    await expect(paced(() => Promise.reject(throttled))).rejects.toBe(throttled);
    expect(clock.now() - start).toBeGreaterThanOrEqual(20_000);
    expect(clock.now() - start).toBeLessThan(40_000);
  });

  it('says when to ask again instead of waiting long', async () => {
    const clock = new HastyClock();
    const budget = memoryCallBudget(clock);
    await budget.reserve(place, { id: 'release', rank: 'configured', calls: 140, together: true, since: clock.now() });
    const pace = pacing({ waitsFor: 3_000 }, 'release', clock, budget);
    const now = clock.now();
    const refused = await begins(2, pace).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'Throttled' });
    const { askAgainAt } = refused as { readonly askAgainAt: number };
    expect(askAgainAt - now).toBeGreaterThan(6_000);
    expect(askAgainAt - now).toBeLessThan(10_000);
    expect(clock.now()).toBe(now);
  });

  it('fails all that wait when nothing can be reserved', async () => {
    const gone: CallBudget = { reserve: () => Promise.reject(new Error('no table')), throttled: async () => undefined };
    const pace = pacing({}, 'release', new HastyClock(), gone);
    await expect(begins(20, pace)).rejects.toThrow('no table');
  });
});
