import { setTimeout as pause } from 'node:timers/promises';

/** The time of a local cloud, and waiting for it. Tests move one by hand. */
export interface Clock {
  /** @returns milliseconds since 1970 */
  now(): number;
  /**
   * Resolves after so many milliseconds.
   * @param signal ends the sleep when it aborts
   * @throws AbortError if the signal aborts first
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
};
