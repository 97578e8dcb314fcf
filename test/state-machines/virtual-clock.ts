import type { Clock } from '../../lib/ports/clock';

/**
 * A clock of a test: it goes on only when everybody sleeps, and then straight to the moment at which the first of them
 * wakes. Whoever sleeps side by side wakes in the order of time, so that no test takes longer than its work or depends
 * on how fast the machine is. What is waited for must be in memory: a timer or a request is nothing that the clock
 * knows of.
 *
 * @param now milliseconds at which it starts
 */
export function virtualClock(now = 0): Clock {
  let time = now;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  let isAboutToWake = false;
  function goOn(): void {
    if (isAboutToWake || sleepers.length === 0) return;
    isAboutToWake = true;
    setImmediate(wakeFirst);
  }

  /** Runs when nothing else is left to do in this turn of the event loop. */
  function wakeFirst(): void {
    isAboutToWake = false;
    if (sleepers.length === 0) return;
    const first = sleepers.reduce((earliest, sleeper) => (sleeper.until < earliest.until ? sleeper : earliest));
    sleepers = sleepers.filter((sleeper) => sleeper !== first);
    time = Math.max(time, first.until);
    first.wake();
    goOn();
  }

  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise<void>((wake, reject) => {
        if (signal?.aborted) return reject(aborted());
        const sleeper = { until: time + milliseconds, wake };
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(aborted());
        });
        sleepers.push(sleeper);
        goOn();
      }),
  };
}

const aborted = () => new DOMException('The sleep was aborted', 'AbortError');
