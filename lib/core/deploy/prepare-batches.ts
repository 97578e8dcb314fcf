import type { FunctionToPrepare, PrepareBatch } from '../contracts/payloads';

/**
 * What one worker prepares: few enough for the 256 KiB of a state, many enough that an ordinary service has one worker,
 * which waits for Lambda and not for its processor.
 */
const AT_ONCE = 50;

/** @returns the functions in their order, shared out to workers; none if there are no functions */
export const prepareBatches = (functions: readonly FunctionToPrepare[]): PrepareBatch[] =>
  Array.from({ length: Math.ceil(functions.length / AT_ONCE) }, (_, index) => ({
    functions: functions.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    pending: [],
    prepared: [],
  }));
