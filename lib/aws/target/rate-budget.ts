import type { Clock } from '../../ports/clock';

const WINDOW = 1_000;

/** Runs a call as soon as the budget allows it. */
export type RateBudget = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * A budget of calls a second: within any second at most `perSecond` calls begin, in the order in which they were asked
 * for. The first ones begin at once, so that a small release does not wait for what only a large one needs.
 */
export function rateBudget(perSecond: number, clock: Clock): RateBudget {
  /** When the calls of the last second began, or are due to begin; at most `perSecond` of them. */
  const begins: number[] = [];
  return async (call) => {
    const now = clock.now();
    const begin = begins.length < perSecond ? now : Math.max(now, begins.shift()! + WINDOW);
    begins.push(begin);
    if (begin > now) await clock.sleep(begin - now);
    return call();
  };
}
