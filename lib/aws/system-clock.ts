import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../ports/clock';

/** The clock of the machine. Entry points and adapters take it; what decides by time is given it. */
export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
};
