import type { FunctionToPrepare, PrepareBatch } from '../contracts/payloads';

/** Updates that may begin in one second: fewer than Lambda's 15 control calls, which leaves room for others. */
const PER_TURN = 12;
/** An inline Map runs at most 40 items at once; a batch that had to wait for a place would miss its turn. */
const MAX_BATCHES = 40;
/** A worker paces its own calls, so a batch may span some turns: fewer workers to start, the same rate. */
const TURNS_PER_BATCH = 3;

/** An existing version is at most read, which has its own rate limit; a worker's answer is limited in size too. */
const READS_PER_BATCH = 200;

/**
 * Shares functions out to workers so that, all together, at most twelve updates begin in any turn (a second). Versions
 * that are only to be read need not wait for a turn.
 *
 * @returns batches in the order of `functions`, those that are only read first; none if there are no functions
 */
export function prepareBatches(functions: readonly FunctionToPrepare[]): PrepareBatch[] {
  const isRead = ({ action }: FunctionToPrepare): boolean => action === 'reuse-version' || action === 'keep-version';
  const reads = functions.filter(isRead);
  return [
    ...Array.from({ length: Math.ceil(reads.length / READS_PER_BATCH) }, (_, index) => ({
      turn: 0,
      functions: reads.slice(index * READS_PER_BATCH, (index + 1) * READS_PER_BATCH),
    })),
    ...updateBatches(functions.filter((one) => !isRead(one))),
  ];
}

function updateBatches(functions: readonly FunctionToPrepare[]): PrepareBatch[] {
  const turns = Math.max(TURNS_PER_BATCH, Math.ceil(functions.length / (PER_TURN * MAX_BATCHES)));
  const size = turns * PER_TURN;
  return Array.from({ length: Math.ceil(functions.length / size) }, (_, index) => ({
    turn: index * turns,
    functions: functions.slice(index * size, (index + 1) * size),
  }));
}
