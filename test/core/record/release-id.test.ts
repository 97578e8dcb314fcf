import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { ReleaseId } from '../../../lib/core/contracts/release';
import { nextReleaseId } from '../../../lib/core/record/release-id';
import '../../runs';

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('nextReleaseId', () => {
  it('is a ULID that carries its time', () =>
    fc.assert(
      fc.property(times, bytes, (now, random) => {
        const id = nextReleaseId(now, random);
        expect(ReleaseId.safeParse(id).success).toBe(true);
        expect(decodeTime(id)).toBe(now);
      }),
    ));

  it('is greater than the id before it, whatever the clocks say', () =>
    fc.assert(
      fc.property(
        times,
        fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), bytes), { maxLength: 8 }),
        (start, steps) => {
          fc.pre(start > 8 && start < 2 ** 48 - 8);
          let before = nextReleaseId(start, new Uint8Array(10).fill(255));
          for (const [drift, random] of steps) {
            const id = nextReleaseId(start + drift, random, before);
            expect(id > before).toBe(true);
            before = id;
          }
        },
      ),
    ));

  it('uses all of its randomness', () => {
    const last = new Uint8Array(10);
    last[9] = 31;
    expect(nextReleaseId(0, last)).toBe('0000000000000000000000000Z');
    expect(nextReleaseId(0, new Uint8Array(10).fill(255))).toBe('0000000000ZZZZZZZZZZZZZZZZ');
  });
});
