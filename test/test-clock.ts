import type { Clock } from '../lib/ports/clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test winds it on; whoever sleeps by then wakes up, in order of time. */
export class TestClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  #waiting: (() => void)[] = [];

  /** @param now milliseconds since 1970 */
  constructor(now = Date.parse('2026-01-02T03:04:05.000Z')) {
    this.#now = now;
  }

  now = (): number => this.#now;

  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    if (milliseconds <= 0 && !signal?.aborted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const gone = () => {
        this.#sleepers.delete(sleeper);
        reject(new DOMException('The sleep was aborted', 'AbortError'));
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', gone);
        resolve();
      };
      const sleeper = { until: this.#now + milliseconds, wake };
      if (signal?.aborted) return gone();
      signal?.addEventListener('abort', gone, { once: true });
      this.#sleepers.add(sleeper);
      for (const look of this.#waiting.splice(0)) look();
    });
  };

  /** Milliseconds from now until each sleeper wakes up, in the order in which they fell asleep. */
  due(): readonly number[] {
    return [...this.#sleepers].map(({ until }) => until - this.#now);
  }

  /** Winds the clock on. What woke up may not have gone on yet when this returns. */
  windOn(milliseconds: number): void {
    const end = this.#now + milliseconds;
    const due = [...this.#sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
    for (const { until, wake } of due) {
      this.#now = Math.max(this.#now, until);
      wake();
    }
    this.#now = end;
  }

  /** Waits, however long the machine takes, until somebody sleeps for exactly this long from now. */
  async asleepFor(milliseconds: number): Promise<void> {
    while (!this.due().some((left) => Math.abs(left - milliseconds) < 0.001))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Waits until somebody sleeps for exactly this long from now, and winds the clock on by that. */
  async passes(milliseconds: number): Promise<void> {
    await this.asleepFor(milliseconds);
    this.windOn(milliseconds);
  }
}

/** A clock on which nobody waits: whoever sleeps has slept at once, and it is later by that. */
export class HastyClock implements Clock {
  #now = Date.parse('2026-01-02T03:04:05.000Z');

  now = (): number => this.#now;

  sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.#now += milliseconds;
  };
}
