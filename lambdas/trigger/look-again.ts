import type { EventHint, SeenState } from '../../lib/core/trigger/event-hint';
import { isBehind } from '../../lib/core/trigger/event-hint';
import type { Lineage } from '../../lib/core/trigger/tag-order';
import type { Clock } from '../../lib/ports/clock';

/** Milliseconds until the next look each; GitHub waits ten seconds for the answer of its webhook. */
const WAITS = [500, 1_500, 3_000];

/**
 * Looks at a reference until it is not older any more than an event says, for some seconds.
 * @param look reads it
 * @returns what was seen last, and whether that is older still
 */
export function lookUntil<T>(
  pace: Pick<Clock, 'sleep'>,
  hint: EventHint | undefined,
  {
    look,
    stateOf,
    lineage,
  }: {
    readonly look: () => Promise<T>;
    readonly stateOf: (seen: T) => SeenState;
    readonly lineage: (commit: string, after: string) => Promise<Lineage>;
  },
): () => Promise<{ readonly seen: T; readonly isOld: boolean }> {
  // Whoever looks anew, since the queue has changed, does not wait anew.
  const waits = [...WAITS];
  return async () => {
    for (;;) {
      const seen = await look();
      const isOld = hint !== undefined && (await isBehind(stateOf(seen), hint, lineage));
      const wait = isOld ? waits.shift() : undefined;
      if (wait === undefined) return { seen, isOld };
      await pace.sleep(wait);
    }
  };
}
