/** The number of slips (a character too many, missing, wrong, or two swapped) that turn `a` into `b`. */
function slips(a: string, b: string): number {
  let twoUp: readonly number[] = [];
  let up: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(up[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), up[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, twoUp[j - 2]! + 1);
      row.push(least);
    }
    twoUp = up;
    up = row;
  }
  return up[b.length]!;
}

/** Case, `-` and `_` are the commonest slips, and must not count against a word. */
const canonical = (word: string): string => word.toLowerCase().replace(/[-_]/g, '');

/**
 * @param word what was written
 * @param known what could have been meant
 * @returns the known word most like `word`, or undefined if none is close enough to be what was meant.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly count: number } | undefined;
  for (const name of known) {
    // No need to compare what differs too much in length alone: a repository may have a thousand services.
    if (Math.abs(name.length - word.length) > limit + 2) continue;
    const count = slips(canonical(word), canonical(name));
    if (count <= limit && (best === undefined || count < best.count)) best = { name, count };
  }
  return best?.name;
}

/** As many names as a person reads; a repository may have a thousand services. */
const MOST_NAMES = 10;

/**
 * Says what to write instead of a name that is not known, as the end of a message.
 *
 * @param known the names that could have been meant
 * @param otherwise what to say if none of them is near; unless given, they are listed
 */
export function useInstead(
  name: string,
  known: readonly string[],
  { otherwise = oneOf(known) }: { readonly otherwise?: string } = {},
): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `did you mean "${near}"?`;
}

/** @returns the names to choose from, as the end of a message. */
function oneOf(names: readonly string[]): string {
  if (names.length === 0) return 'there is none yet';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `use one of: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}
