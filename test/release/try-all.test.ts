import { tryAll } from '../../lib/release/try-all';

describe('work on each of many', () => {
  it('is tried for all, whatever fails, and then fails with the first error', async () => {
    const done: number[] = [];
    const work = async (one: number): Promise<void> => {
      if (one % 10 === 3) throw new Error(`no ${one}`);
      done.push(one);
    };
    const items = Array.from({ length: 30 }, (_, index) => index);
    await expect(tryAll(items, 4, work)).rejects.toThrow('no 3');
    expect(done).toHaveLength(27);
  });

  it('is under way for so many at once, no more', async () => {
    let [running, most] = [0, 0];
    await tryAll(Array.from({ length: 20 }), 3, async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    expect(most).toBe(3);
  });
});
