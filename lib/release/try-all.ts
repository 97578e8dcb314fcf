import { mapBounded } from '../core/map-bounded';

/**
 * Does something with each of many things, a bounded number at once; one that fails keeps no other.
 *
 * @param most how many are under way at once
 * @throws the first error, when all have been tried
 */
export async function tryAll<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const problems: unknown[] = [];
  await mapBounded(items, most, async (item) => {
    try {
      await work(item);
    } catch (problem) {
      problems.push(problem);
    }
  });
  if (problems.length > 0) throw problems[0];
}
