const SHOWN = 3;

/**
 * @param items what to name, in the order in which to name it
 * @param total how many there are in all, if `items` is only the beginning
 * @returns up to three of them and how many more there are: `a, b, c and 4 more`.
 */
export function nameSome(items: readonly string[], total: number = items.length): string {
  const shown = items.slice(0, SHOWN);
  const more = total - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
