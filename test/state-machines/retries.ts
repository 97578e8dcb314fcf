import type { Retrier } from './definition';
import { matches } from './state-error';

/** How often each retrier of a state has been used since the state was entered. */
export type Tries = Map<Retrier, number>;

/**
 * The first retrier that matches decides, even if it has no attempts left. Numbers that are absent are those of
 * https://states-language.net/spec.html#retrying-after-error.
 *
 * @param random from 0 to 1; what full jitter makes of the interval
 * @returns milliseconds until the next attempt; undefined if there is none
 */
export function nextTry(
  retriers: readonly Retrier[],
  error: string,
  { tries, random }: { readonly tries: Tries; readonly random: () => number },
): number | undefined {
  const retrier = retriers.find(({ ErrorEquals }) => matches(ErrorEquals, error));
  if (!retrier) return undefined;
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const tried = tries.get(retrier) ?? 0;
  if (tried >= MaxAttempts) return undefined;
  tries.set(retrier, tried + 1);
  const interval = Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds) * 1_000;
  return retrier.JitterStrategy === 'FULL' ? interval * random() : interval;
}
