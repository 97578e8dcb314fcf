import type { Caller } from '../../core/contracts/call-reservations';
import { type CallBudget, type CallPlace, TurnIsLater } from '../../ports/call-budget';
import type { Clock } from '../../ports/clock';
import { LambdaBusy } from './lambda-busy';

/** How a worker makes control calls. */
export interface PaceOptions {
  /** Reserves all calls that are asked for at once as one, so that nothing comes between them. */
  readonly together?: boolean;
  /** So many milliseconds a worker waits to ask again; if that is later, the calls fail with TurnIsLater. */
  readonly waitsFor?: number;
  /** So many milliseconds a call is tried again while Lambda is busy. */
  readonly triesFor?: number;
}

export interface PacedCallsProps extends PaceOptions {
  readonly budget: CallBudget;
  readonly place: CallPlace;
  readonly caller: Caller;
  readonly clock: Clock;
  /** @returns a number from 0 to 1 */
  readonly random?: () => number;
}

/** Runs a control call when it is its turn. */
export type PacedCalls = <T>(call: () => Promise<T>) => Promise<T>;

/** Half a second of Lambda's rate: what is reserved at a time, so that several releases take turns. */
const CALLS_AT_A_TIME = 7;
/**
 * So many milliseconds lie between two calls of a worker. One that was held up would otherwise make all that have
 * become due at once: more than the pool holds.
 */
const APART = 40;
/** A worker has two minutes at least. */
const TRIES_FOR = 60_000;
/** So long a worker that may give up asks for the turns of one call. */
const ASKS_FOR = 30_000;

interface Call {
  readonly run: () => Promise<void>;
  readonly fail: (error: unknown) => void;
  readonly since: number;
}

/**
 * Reserves turns for calls and begins each at its own. A call for which Lambda is busy takes another turn, later and
 * later; the others go on. A new call and one that is tried again stand in the same queue.
 */
export function pacedCalls({
  budget,
  place,
  caller,
  clock,
  together = false,
  waitsFor = Number.POSITIVE_INFINITY,
  triesFor = TRIES_FOR,
  random = Math.random,
}: PacedCallsProps): PacedCalls {
  const queue: Call[] = [];
  let isReserving = false;

  /** Waits for whoever else asks in the same breath, then reserves for all that stand in the queue. */
  async function reserve(): Promise<void> {
    if (isReserving) return;
    isReserving = true;
    await Promise.resolve();
    try {
      while (queue.length > 0) {
        const { since } = queue[0]!;
        const calls = together ? queue.length : Math.min(queue.length, CALLS_AT_A_TIME);
        const turn = await budget.reserve(place, { ...caller, calls, together, since });
        if ('begins' in turn) {
          for (const begin of turn.begins) void beginAt(begin, queue.shift()!);
          continue;
        }
        const wait = turn.askAgainAt - clock.now();
        if (wait > waitsFor || (Number.isFinite(waitsFor) && turn.askAgainAt - since > ASKS_FOR)) {
          for (const { fail } of queue.splice(0)) fail(new TurnIsLater(turn.askAgainAt));
        } else if (wait > 0) await clock.sleep(wait);
      }
    } catch (error) {
      for (const { fail } of queue.splice(0)) fail(error);
    } finally {
      isReserving = false;
    }
  }

  let apart = Promise.resolve();
  async function beginAt(begin: number, { run }: Call): Promise<void> {
    const wait = begin - clock.now();
    if (wait > 0) await clock.sleep(wait);
    const before = apart;
    apart = before.then(() => clock.sleep(APART));
    await before;
    await run();
  }

  return <T>(call: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const since = clock.now();
      let attempts = 0;
      const run = async (): Promise<void> => {
        try {
          resolve(await call());
        } catch (error) {
          attempts += 1;
          if (!(error instanceof LambdaBusy) || clock.now() - since >= triesFor) return reject(error);
          if (error.why === 'throttled') await budget.throttled(place).catch(() => undefined);
          await clock.sleep(backOff(error.why, attempts) * (0.5 + random() / 2));
          join();
        }
      };
      const join = (): void => {
        queue.push({ run, fail: reject, since: clock.now() });
        void reserve();
      };
      join();
    });
}

/** An update takes a second or so; who has emptied the pool may go on doing so. */
const backOff = (why: LambdaBusy['why'], attempts: number): number =>
  why === 'in-progress' ? Math.min(300 * 1.5 ** attempts, 3_000) : Math.min(500 * 2 ** attempts, 8_000);
