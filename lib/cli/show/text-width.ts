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
  return pieces(text).reduce((width, piece) => width + stringWidth(piece), 0);
}

/** Each grapheme that the segmenter gives has a copy of its whole text: a long text has to be given in pieces. */
const PIECE = 1_000;

const pieces = (text: string): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) => text.slice(index * PIECE, (index + 1) * PIECE));

/** @returns the text with spaces behind it, so that it takes this many columns. */
export const padToWidth = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - textWidth(text)));

/**
 * @param columns of the terminal; undefined where nothing is cut: a file, or another program
 * @returns a text that fits, with `…` for what is cut off its end
 */
export const fitToWidth = (text: string, columns: number | undefined): string =>
  columns === undefined || textWidth(text) <= columns
    ? text
    : `${firstThatFit(graphemes(text), columns - 1).join('')}…`;

/** @returns as `fitToWidth`, but with its beginning cut off: of a path the end tells more. */
export const fitEndToWidth = (text: string, columns: number | undefined): string =>
  columns === undefined || textWidth(text) <= columns
    ? text
    : `…${firstThatFit(graphemes(text).reverse(), columns - 1)
        .reverse()
        .join('')}`;

const graphemes = (text: string): string[] =>
  pieces(text).flatMap((piece) => [...segments.segment(piece)].map(({ segment }) => segment));

function firstThatFit(parts: readonly string[], columns: number): string[] {
  let left = columns;
  const end = parts.findIndex((part) => {
    left -= textWidth(part);
    return left < 0;
  });
  return parts.slice(0, end < 0 ? undefined : end);
}

/**
 * @returns how many columns a text may take; undefined in a file, for another program, and on a terminal that says that
 *   it has none, as those of some CI do: it does not know
 */
export const columnsOf = ({ columns }: { readonly columns?: number }): number | undefined => columns || undefined;
