import { type Bucket, fullBucket, type Rate, takeToken } from '../../../lib/local/quotas/token-bucket';

const RATE: Rate = { burst: 3, perSecond: 2 };

/** @returns of calls at these times, in milliseconds, which are taken. */
function takenAt(times: readonly number[], rate = RATE): readonly boolean[] {
  let bucket: Bucket = fullBucket(rate, 0);
  return times.map((now) => {
    const { left, taken } = takeToken(bucket, rate, now);
    bucket = left;
    return taken;
  });
}

it('takes as many calls at once as its burst', () => {
  expect(takenAt([0, 0, 0, 0])).toEqual([true, true, true, false]);
});

it('takes as many a second after that as its rate', () => {
  expect(takenAt([0, 0, 0, 500, 500, 1000, 1000])).toEqual([true, true, true, true, false, true, false]);
});

it('takes no token for a call that is refused', () => {
  expect(takenAt([0, 0, 0, 250, 300, 400, 500])).toEqual([true, true, true, false, false, false, true]);
});

it('never holds more than its burst', () => {
  expect(takenAt([0, 60_000, 60_000, 60_000, 60_000])).toEqual([true, true, true, true, false]);
});

it('takes nothing if nothing is allowed', () => {
  expect(takenAt([0, 10_000], { burst: 0, perSecond: 0 })).toEqual([false, false]);
});
