/**
 * @param rows cells without colours or line breaks; a row may have fewer cells than others
 * @returns one line per row, its cells in columns two spaces apart, without trailing space
 */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  const padded = (cell: string, column: number): string => cell + ' '.repeat(widths[column]! - width(cell));
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A letter with its accents is one column, however many code units it is. */
const width = (text: string): number => [...segments.segment(text)].length;
