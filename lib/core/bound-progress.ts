import type { WaitProgress } from './contracts/wait';
import { boundText } from './text/bound-text';

/** Together at most 300 lines of 200 characters: below what a state may give on, with whatever JSON makes of them. */
const MOST_LINES = 300;
const LONGEST_LINE = 200;
const LINES_AT_LEAST = 5;

/** Bounds what is told of jobs to what a state may give on: of each its newest lines. */
export function boundProgress(all: readonly WaitProgress[]): readonly WaitProgress[] {
  const each = Math.max(LINES_AT_LEAST, Math.floor(MOST_LINES / Math.max(1, all.length)));
  return all.map((one) => ({ ...one, lines: one.lines.slice(-each).map((line) => boundText(line, LONGEST_LINE)) }));
}
