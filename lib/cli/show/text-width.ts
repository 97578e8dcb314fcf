const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * @param text without colours or line breaks
 * @returns how many columns of a terminal it takes: an accent none of its own, a Chinese character or an emoji two
 */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  // Loaded only here: the tables of Unicode would delay every command, and most never print anything else than ASCII.
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  return stringWidth(text);
}

/** @returns the text with spaces behind it, so that it takes this many columns. */
export const padToWidth = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - textWidth(text)));

/**
 * @param columns of the terminal; undefined where nothing is cut: a file, or another program
 * @returns a text that fits, with `…` for what is cut off its end
 */
export function fitToWidth(text: string, columns: number | undefined): string {
  if (columns === undefined || textWidth(text) <= columns) return text;
  let fitting = '';
  let left = columns - 1;
  for (const { segment } of segments.segment(text)) {
    left -= textWidth(segment);
    if (left < 0) break;
    fitting += segment;
  }
  return `${fitting}…`;
}
