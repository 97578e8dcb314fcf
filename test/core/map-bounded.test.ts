import { mapBounded } from '../../lib/core/map-bounded';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('mapBounded', () => {
  it('calls for each, no more than so many at once, and answers in their order', async () => {
    let running = 0;
    let most = 0;
    const items = Array.from({ length: 50 }, (_, index) => index);
    const doubled = await mapBounded(items, 7, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = item % 5; turns > 0; turns -= 1) await soon();
      running -= 1;
      return 2 * item;
    });
    expect(doubled).toEqual(items.map((item) => 2 * item));
    expect(most).toBe(7);
  });

  it('begins nothing more when one has failed, and waits for those under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const all = mapBounded([0, 1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('one fails');
      await soon();
      ended.push(item);
    });
    await expect(all).rejects.toThrow('one fails');
    expect([begun, ended]).toEqual([[0, 1], [0]]);
  });

  it('takes none', async () => {
    expect(await mapBounded([], 3, soon)).toEqual([]);
  });
});
