import fc from 'fast-check';
import { ALL_AT_ONCE, type Shift } from '../../../lib/core/contracts/shift';
import { describeShiftPace, isAtLeastAsCareful, minutesOf, percentAfter } from '../../../lib/core/shift/carefulness';
import { runs } from '../../runs';

const canary = (percent: number, minutes: number): Shift => ({ kind: 'canary', percent, minutes });
const linear = (percent: number, minutes: number): Shift => ({ kind: 'linear', percent, minutes });

const percents = fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(1, 10, 25, 33, 34, 49, 50, 51, 99));
/** Small numbers meet more often, and it is there that curves touch. */
const waits = fc.integer({ min: 1, max: 12 });
const shifts: fc.Arbitrary<Shift> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(ALL_AT_ONCE) },
  { weight: 4, arbitrary: fc.tuple(percents, waits).map(([percent, minutes]) => canary(percent, minutes)) },
  { weight: 4, arbitrary: fc.tuple(percents, waits).map(([percent, minutes]) => linear(percent, minutes)) },
);

/** The curve, minute by minute, to beyond its end. */
const curveOf = (shift: Shift, until: number): readonly number[] =>
  Array.from({ length: until + 1 }, (_, minute) => percentAfter(shift, minute));
const untilBothEnded = (...both: readonly Shift[]): number => Math.max(...both.map(minutesOf)) + 1;

describe('the percentage that goes to the new version', () => {
  it.each([
    ['all at once', ALL_AT_ONCE, [100, 100]],
    ['a canary', canary(10, 2), [10, 10, 100, 100]],
    ['a linear shift', linear(25, 1), [25, 50, 75, 100, 100]],
    ['a linear shift whose last step is smaller', linear(40, 2), [40, 40, 80, 80, 100, 100]],
  ])('of %s follows its steps', (_, shift, curve) => {
    expect(curveOf(shift, curve.length - 1)).toEqual(curve);
  });

  it('never falls, and is 100 from the last step on', () => {
    fc.assert(
      fc.property(shifts, (shift) => {
        const curve = curveOf(shift, minutesOf(shift));
        expect([...curve].sort((a, b) => a - b)).toEqual(curve);
        expect(curve.at(-1)).toBe(100);
      }),
    );
  });

  it('is not 100 before the last step', () => {
    fc.assert(
      fc.property(shifts, (shift) => {
        fc.pre(minutesOf(shift) > 0);
        expect(percentAfter(shift, minutesOf(shift) - 0.01)).toBeLessThan(100);
      }),
    );
  });
});

describe('carefulness', () => {
  it.each([
    ['a canary is as careful as itself', canary(10, 5), canary(10, 5), true],
    ['a longer canary is more careful', canary(10, 10), canary(10, 5), true],
    ['a shorter canary is not', canary(10, 5), canary(10, 10), false],
    ['a smaller canary is more careful', canary(5, 5), canary(10, 5), true],
    ['a linear shift that is ahead of a canary for a moment is not', linear(10, 1), canary(10, 5), false],
    ['nor is that canary as careful as it', canary(10, 5), linear(10, 1), false],
    ['a linear shift that waits as long as the canary is', linear(10, 5), canary(10, 5), true],
    ['a linear shift in halves is a canary', linear(50, 5), canary(50, 5), true],
    ['and the other way round', canary(50, 5), linear(50, 5), true],
    ['nothing gradual is less careful than all at once', canary(99, 1), ALL_AT_ONCE, true],
    ['all at once is less careful than anything gradual', ALL_AT_ONCE, canary(99, 1), false],
  ])('%s', (_, one, other, is) => {
    expect(isAtLeastAsCareful(one, other)).toBe(is);
  });

  it('is what the two curves say, minute by minute', () => {
    fc.assert(
      fc.property(shifts, shifts, (one, other) => {
        const until = untilBothEnded(one, other);
        const others = curveOf(other, until);
        const isNeverAhead = curveOf(one, until).every((percent, minute) => percent <= others[minute]!);
        expect(isAtLeastAsCareful(one, other)).toBe(isNeverAhead);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is reflexive', () => {
    fc.assert(fc.property(shifts, (shift) => isAtLeastAsCareful(shift, shift)));
  });

  it('is antisymmetric: two shifts that are as careful as each other have one curve', () => {
    fc.assert(
      fc.property(shifts, shifts, (one, other) => {
        const until = untilBothEnded(one, other);
        const isSame = curveOf(one, until).join() === curveOf(other, until).join();
        expect(isAtLeastAsCareful(one, other) && isAtLeastAsCareful(other, one)).toBe(isSame);
      }),
    );
  });

  it('is transitive', () => {
    const ordered = fc
      .tuple(shifts, shifts, shifts)
      .filter(([a, b, c]) => isAtLeastAsCareful(a, b) && isAtLeastAsCareful(b, c));
    fc.assert(fc.property(ordered, ([a, , c]) => isAtLeastAsCareful(a, c)));
  });

  it('is least for all at once', () => {
    fc.assert(fc.property(shifts, (shift) => isAtLeastAsCareful(shift, ALL_AT_ONCE)));
  });
});

describe('the pace of a shift in words', () => {
  it.each([
    [ALL_AT_ONCE, 'all at once'],
    [canary(10, 5), '10 % for 5 minutes, then all'],
    [canary(25, 1), '25 % for 1 minute, then all'],
    [linear(10, 1), '10 % every minute'],
    [linear(10, 3), '10 % every 3 minutes'],
  ])('of %j is "%s"', (shift, words) => {
    expect(describeShiftPace(shift)).toBe(words);
  });
});
