import type { Shift } from '../contracts/shift';

/** A moment at which more traffic moves: from `minute` on, `percent` of it goes to the new version. */
interface ShiftStep {
  readonly minute: number;
  readonly percent: number;
}

/** @returns the steps in which a shift moves traffic, the last one to 100 %. */
function stepsOf(shift: Shift): readonly ShiftStep[] {
  if (shift.kind === 'all-at-once') return [{ minute: 0, percent: 100 }];
  const { kind, percent, minutes } = shift;
  const whole = { minute: minutes, percent: 100 };
  if (kind === 'canary') return [{ minute: 0, percent }, whole];
  return Array.from({ length: stepCount(percent) }, (_, index) => ({
    minute: index * minutes,
    // What is left for the last step may be less than the others.
    percent: Math.min(100, (index + 1) * percent),
  }));
}

/** @returns the number of steps in which a linear shift moves all traffic. */
export const stepCount = (percent: number): number => Math.ceil(100 / percent);

/** @returns the minutes from the first to the last step of a shift. */
export function minutesOf(shift: Shift): number {
  if (shift.kind === 'all-at-once') return 0;
  return shift.kind === 'canary' ? shift.minutes : (stepCount(shift.percent) - 1) * shift.minutes;
}

/** @returns the percentage of traffic that goes to the new version so many minutes after the start of a shift. */
export const percentAfter = (shift: Shift, minutes: number): number =>
  stepsOf(shift).findLast(({ minute }) => minute <= minutes)?.percent ?? 0;

/**
 * Whether `one` sends at no moment more traffic to the new version than `other`. A partial order: of a canary and a
 * linear shift, each may be ahead of the other at some moment, and then neither is at least as careful.
 */
export const isAtLeastAsCareful = (one: Shift, other: Shift): boolean =>
  // Both only ever rise, so if `one` is ever ahead, it is at one of its own steps.
  stepsOf(one).every(({ minute, percent }) => percent <= percentAfter(other, minute));

/** @returns the pace of a shift in words: `10 % for 5 minutes, then all`. */
export function describeShiftPace(shift: Shift): string {
  if (shift.kind === 'all-at-once') return 'all at once';
  const { kind, percent, minutes } = shift;
  if (kind === 'canary') return `${percent} % for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, then all`;
  return `${percent} % every ${minutes === 1 ? 'minute' : `${minutes} minutes`}`;
}
