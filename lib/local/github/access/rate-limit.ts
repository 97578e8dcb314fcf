import type { Faults } from '../http/faults';
import type { Limits } from '../http/limits';
import { type Caller, keyOf } from './caller';

const HOUR_S = 3600;

/** Counts each caller's calls within its hour. */
export class RateLimit {
  readonly #hours = new Map<string, { used: number; readonly reset: number }>();

  constructor(
    private readonly limits: Limits,
    private readonly faults: Faults,
    private readonly now: () => number,
  ) {}

  /** Counts a call. */
  take(caller: Caller): void {
    this.#hour(caller).used += 1;
  }

  /** @returns what is left, under the names that GitHub's headers have. */
  state(caller: Caller) {
    const limit = this.limits.callsPerHour;
    const until = this.faults.usedUpUntil;
    const { used, reset } = until === undefined ? this.#hour(caller) : { used: limit, reset: until };
    return { limit, remaining: Math.max(0, limit - used), reset, used: Math.min(limit, used), resource: 'core' };
  }

  /** @returns the rate-limit headers that every answer has. */
  headers(caller: Caller): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.state(caller)).map(([key, value]) => [`x-ratelimit-${key}`, String(value)]),
    );
  }

  #hour(caller: Caller) {
    const key = keyOf(caller);
    const now = Math.floor(this.now() / 1000);
    const known = this.#hours.get(key);
    const hour = known && known.reset > now ? known : { used: 0, reset: now + HOUR_S };
    this.#hours.set(key, hour);
    return hour;
  }
}
