import type { Clock } from '../ports/clock';

const INTERVAL = 1_000;
/** Less than the minute that a wait worker is given, so that its last look has time to end. */
const PATIENCE = 55_000;

/**
 * Looks once a second, unless told otherwise, the first time at once, until there is something to see or most of a
 * minute has gone. Only wait workers call it.
 *
 * @param look returns what came of the job, or undefined while it runs
 * @param interval milliseconds until the next look
 * @returns what `look` saw, or undefined if the job still runs
 */
export async function pollUntil<T>(
  pace: Clock,
  look: () => Promise<T | undefined>,
  interval: () => number = () => INTERVAL,
): Promise<T | undefined> {
  const end = pace.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || pace.now() + interval() > end) return seen;
    await pace.sleep(interval());
  }
}
