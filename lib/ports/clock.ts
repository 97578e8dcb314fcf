/** The time, and waiting for it. Whoever starts a program gives it the system's; tests move one by hand. */
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
