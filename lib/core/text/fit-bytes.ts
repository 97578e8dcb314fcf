/**
 * Chooses what fits where there is no room for all: the shortest, since most of them fit, so that what is left out is
 * little and does not depend on names.
 *
 * @param most bytes of all together
 * @param bytesOf of one
 * @returns what fits and what is left out, each in the order of `items`
 */
export function fitBytes<Item>(
  items: readonly Item[],
  most: number,
  bytesOf: (item: Item) => number,
): { readonly fits: readonly Item[]; readonly leftOut: readonly Item[] } {
  const sized = items.map((item, index) => ({ index, bytes: bytesOf(item) }));
  let left = most;
  const fitting = new Set<number>();
  for (const { index, bytes } of sized.sort((a, b) => a.bytes - b.bytes)) {
    left -= bytes;
    if (left < 0) break;
    fitting.add(index);
  }
  return {
    fits: items.filter((_, index) => fitting.has(index)),
    leftOut: items.filter((_, index) => !fitting.has(index)),
  };
}

/** @returns the bytes of a value as JSON, which is never shorter than what DynamoDB counts of it. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
