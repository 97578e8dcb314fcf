/** Edits (insert, delete, replace one character) that make `b` of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * @param word what was written
 * @param known what could have been meant
 * @returns the known word most like `word`, or undefined if none is close enough to be what was meant.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 2));
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    // Case and `-` for `_` are the commonest slips, and must not count against a long word.
    const edits = distance(canonical(word), canonical(name));
    if (edits <= limit && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

const canonical = (word: string): string => word.toLowerCase().replaceAll('-', '_');
