import fc from 'fast-check';
import { rateBudget } from '../../../lib/aws/target/rate-budget';
import { TestClock } from '../../test-clock';
import '../../runs';

describe('rateBudget', () => {
  it('lets the first calls begin at once and the others a second later', async () => {
    const clock = new TestClock(0);
    const budget = rateBudget(2, clock);
    const begun: number[] = [];
    const calls = [1, 2, 3].map((call) => budget(async () => begun.push(call)));
    await Promise.all(calls.slice(0, 2));
    expect(begun).toEqual([1, 2]);
    expect(clock.due()).toEqual([1_000]);
    clock.windOn(1_000);
    await Promise.all(calls);
    expect(begun).toEqual([1, 2, 3]);
  });

  it('never lets more begin within any second, whenever they are asked for', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 12 }), (given, perSecond) => {
        const clock = new TestClock(0);
        const budget = rateBudget(perSecond, clock);
        const begins: number[] = [];
        for (const pause of given) {
          const asked = clock.due().length;
          void budget(async () => undefined);
          begins.push(clock.now() + (clock.due().length > asked ? clock.due().at(-1)! : 0));
          clock.windOn(pause);
        }
        for (const [index, begin] of begins.entries()) {
          const earlier = begins[index - perSecond];
          if (earlier !== undefined) expect(begin - earlier).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });

  it('answers and fails as the call does', async () => {
    const budget = rateBudget(2, new TestClock(0));
    await expect(budget(async () => 'answer')).resolves.toBe('answer');
    await expect(budget(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });
});
