import type { Clock } from '../../ports/clock';
import type { AliasReading } from '../../ports/functions';
import type { WeightReading } from './load-steps';

/** Milliseconds between two readings: below Lambda's rate, and often enough for steps of more than a second. */
const INTERVAL = 125;

/** How an alias changed while it was watched. */
export interface WeightHistory {
  readonly readings: readonly WeightReading[];
  /** The version that was seen beside the old one, if any was. */
  readonly newVersion?: string;
}

/** An alias that is being read over and over. */
export interface WatchedWeight {
  /** Reads it once more, and no further. */
  stop(): Promise<WeightHistory>;
}

/** @param oldVersion the version that serves before the shift; what goes to any other is the new one's share */
export function watchWeight(oldVersion: string, read: () => Promise<AliasReading>, clock: Clock): WatchedWeight {
  const readings: WeightReading[] = [];
  let newVersion: string | undefined;
  const stopped = new AbortController();
  const readOnce = async () => {
    const askedAt = clock.now();
    const alias = await read();
    readings.push({ askedAt, answeredAt: clock.now(), percent: percentOfOthers(oldVersion, alias) });
    newVersion = [alias.version, ...Object.keys(alias.weights)].find((one) => one !== oldVersion) ?? newVersion;
  };
  const watch = async () => {
    while (!stopped.signal.aborted) {
      await readOnce();
      await clock.sleep(INTERVAL, stopped.signal).catch(() => undefined);
    }
    await readOnce();
  };
  const watching = watch();
  watching.catch(() => undefined); // `stop` throws it
  return {
    async stop() {
      stopped.abort();
      await watching;
      return { readings, newVersion };
    },
  };
}

/** @returns the share of an alias's traffic that other versions than this one get, in percent. */
export function percentOfOthers(oldVersion: string, { version, weights }: AliasReading): number {
  const others = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const toOld = version === oldVersion ? 1 - others : (weights[oldVersion] ?? 0);
  return Math.round((1 - toOld) * 100);
}
