import type { FunctionToPrepare, PrepareBatch } from './payloads';

/** Updates that may begin in one second: below Lambda's 15 control calls, with room for others. */
const PER_TURN = 12;
/** An inline Map runs at most 40 items at once; a batch that had to wait for a place would miss its turn. */
const MAX_BATCHES = 40;
/** A worker paces its own calls, so a batch may span some turns: fewer workers to start, the same rate. */
const TURNS_PER_BATCH = 3;

/**
 * Shares functions out to workers so that, all together, at most twelve updates begin in any turn (a second).
 *
 * @returns batches in the order of `functions`; none for none
 */
export function prepareBatches(functions: readonly FunctionToPrepare[]): PrepareBatch[] {
  const turns = Math.max(TURNS_PER_BATCH, Math.ceil(functions.length / (PER_TURN * MAX_BATCHES)));
  const size = turns * PER_TURN;
  return Array.from({ length: Math.ceil(functions.length / size) }, (_, index) => ({
    turn: index * turns,
    functions: functions.slice(index * size, (index + 1) * size),
  }));
}
