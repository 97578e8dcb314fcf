/**
 * Calls for each of many things that grow with what users have, a bounded number at once: hundreds of calls would queue
 * behind an SDK's sockets until their time limits have passed.
 *
 * @param most how many calls are under way at once
 * @returns the results in the order of `items`
 * @throws the first error, when the calls under way have ended; no further ones begin
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  most: number,
  call: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await call(items[index]!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
