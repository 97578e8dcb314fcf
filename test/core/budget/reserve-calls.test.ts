import fc from 'fast-check';
import { reserveCalls, reserveForOthers } from '../../../lib/core/budget/reserve-calls';
import {
  type CallRank,
  type CallRequest,
  type CallReservations,
  LAMBDA_CONTROL_CALLS,
} from '../../../lib/core/contracts/call-reservations';
import { runs } from '../../runs';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

/** A worker that asks for all its calls, seven at a time, and waits as long as it is told to. */
interface Worker {
  readonly id: string;
  readonly rank?: CallRank;
  readonly calls: number;
  /** Milliseconds after the beginning. */
  readonly from?: number;
  readonly together?: boolean;
}

/**
 * Lets workers reserve until all have had their turns.
 * @returns the times of each worker's calls, from the beginning
 */
function play(workers: readonly Worker[]): readonly number[][] {
  let reservations: CallReservations | undefined;
  const times: number[][] = workers.map(() => []);
  const asking = workers.map(({ from = 0 }, worker) => ({ worker, at: NOW + from, since: NOW + from }));
  while (asking.length > 0) {
    asking.sort((a, b) => a.at - b.at || a.worker - b.worker);
    const { worker, at, since } = asking.shift()!;
    const { id, rank = 'configured', calls, together } = workers[worker]!;
    const left = calls - times[worker]!.length;
    const request: CallRequest = { id, rank, calls: together ? left : Math.min(7, left), together, since };
    const made = reserveCalls(reservations, LAMBDA_CONTROL_CALLS, { ...request, now: at });
    reservations = made.reservations;
    if ('askAgainAt' in made.turn) {
      expect(made.turn.askAgainAt).toBeGreaterThan(at);
      asking.push({ worker, at: made.turn.askAgainAt, since });
      continue;
    }
    times[worker]!.push(...made.turn.begins.map((begin) => begin - NOW));
    if (left > made.turn.begins.length) asking.push({ worker, at, since: at });
  }
  return times;
}

/** @returns how much these calls take of a bucket that gains 15 a second; if it holds 15, more means a refusal. */
function deepest(times: readonly number[]): number {
  let [taken, last, most] = [0, 0, 0];
  for (const time of [...times].sort((a, b) => a - b)) {
    taken = Math.max(0, taken - ((time - last) * 15) / 1_000) + 1;
    most = Math.max(most, taken);
    last = time;
  }
  return most;
}

const anyWorkers = fc.array(
  fc.record({
    id: fc.constantFrom('A', 'B', 'C', 'D'),
    rank: fc.constantFrom<CallRank>('configured', 'made', 'housekeeping'),
    calls: fc.integer({ min: 1, max: 60 }),
    from: fc.integer({ min: 0, max: 20_000 }),
    together: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('reserveCalls', () => {
  it('never lets Lambda refuse a call, whoever asks for whatever, and gives every call a turn', () => {
    fc.assert(
      fc.property(anyWorkers, (workers) => {
        const times = play(workers);
        expect(times.map(({ length }) => length)).toEqual(workers.map(({ calls }) => calls));
        expect(deepest(times.flat())).toBeLessThanOrEqual(13);
        for (const [worker, { from }] of workers.entries()) {
          expect(Math.min(...times[worker]!)).toBeGreaterThanOrEqual(from);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it('loses little of what Lambda allows: sixteen services of a release with forty calls each', () => {
    const times = play(Array.from({ length: 16 }, () => ({ id: 'A', calls: 40 })));
    const limit = ((640 - 15) / 15) * 1_000;
    expect(Math.max(...times.flat())).toBeLessThanOrEqual(1.1 * limit);
  });

  it('starts at once what nobody else wants', () => {
    expect(play([{ id: 'A', calls: 7 }])).toEqual([Array(7).fill(0)]);
  });

  it('makes a small release wait for some seconds of a large one, not for all of it', () => {
    const large = Array.from({ length: 40 }, () => ({ id: 'large', calls: 40 }));
    const times = play([...large, { id: 'small', calls: 2, from: 5_000 }]);
    expect(Math.max(...times.at(-1)!)).toBeLessThanOrEqual(8_500);
    expect(Math.max(...times.flat())).toBeGreaterThan(100_000);
  });

  it('lets releases to configured stages go before those to made ones, which yield and are not starved', () => {
    const previews = Array.from({ length: 8 }, () => ({ id: 'preview', rank: 'made' as const, calls: 20 }));
    const production = Array.from({ length: 20 }, () => ({ id: 'prod', calls: 40, from: 1_000 }));
    const times = play([...previews, ...production]);
    const [preview, prod] = [times.slice(0, 8).flat(), times.slice(8).flat()];
    const meanwhile = preview.filter((time) => time > 4_000 && time < Math.max(...prod));
    expect(Math.max(...prod)).toBeLessThan(1.2 * (900 / 14) * 1_000);
    // Each of the eight is given seven calls after fifteen seconds of yielding.
    expect(meanwhile.length).toBeGreaterThan(0);
    expect(meanwhile.length).toBeLessThanOrEqual(160);
  });

  it('lets nobody in between what is begun together', () => {
    fc.assert(
      fc.property(anyWorkers, fc.integer({ min: 1, max: 100 }), (others, calls) => {
        const times = play([...others, { id: 'moves', calls, from: 3_000, together: true }]);
        const own = times.at(-1)!;
        expect(own.at(-1)! - own[0]!).toBeLessThanOrEqual((calls * 1_000) / 14 + 1);
      }),
      { numRuns: runs(100) },
    );
  });

  it('moves everything on when Lambda has refused a call that was due', () => {
    const request = { id: 'A', rank: 'configured', calls: 1, since: NOW, now: NOW } as const;
    const refused = reserveForOthers(undefined, LAMBDA_CONTROL_CALLS, NOW);
    const { turn } = reserveCalls(refused, LAMBDA_CONTROL_CALLS, request);
    expect(turn).toEqual({ begins: [NOW + 500] });
    const again = reserveForOthers(refused, LAMBDA_CONTROL_CALLS, NOW);
    expect(again).toEqual(refused);
  });

  it('forgets what somebody reserved whose clock is wrong', () => {
    const wrong = { fullAt: NOW + 86_400_000, callers: {} };
    const request = { id: 'A', rank: 'configured', calls: 1, since: NOW, now: NOW } as const;
    expect(reserveCalls(wrong, LAMBDA_CONTROL_CALLS, request).turn).toEqual({ begins: [NOW] });
  });

  it('keeps no more than those who have turns or will ask', () => {
    let reservations: CallReservations | undefined;
    for (let release = 0; release < 50; release += 1) {
      const request = { id: `${release}`, rank: 'configured', calls: 1, since: NOW } as const;
      const now = NOW + release * 1_000;
      ({ reservations } = reserveCalls(reservations, LAMBDA_CONTROL_CALLS, { ...request, now }));
    }
    expect(Object.keys(reservations!.callers)).toEqual(['49']);
  });
});
