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

/**
 * @param columns of the terminal; undefined where nothing is cut: a file, or another program
 * @returns a line that fits, cut at its end if need be
 */
export function fitLine(line: string, columns: number | undefined): string {
  if (columns === undefined || width(line) <= columns) return line;
  const letters = [...segments.segment(line)].slice(0, Math.max(0, columns - 1));
  return `${letters.map(({ segment }) => segment).join('')}…`;
}

/** How a table is to look. */
export interface TableLook {
  readonly head: readonly string[];
  /** Columns of the terminal, see `fitLine`. */
  readonly columns?: number;
  readonly paintHead?: (text: string) => string;
  /** Paints a finished line. */
  readonly paintRow?: (line: string, index: number) => string;
}

/** @returns a table with a head, as lines; nothing if it has no rows. */
export function headedTable(rows: readonly (readonly string[])[], look: TableLook): readonly string[] {
  const { head, columns, paintHead = (text) => text, paintRow = (line) => line } = look;
  if (rows.length === 0) return [];
  const [first = '', ...lines] = table([head, ...rows]).map((line) => fitLine(line, columns));
  return [paintHead(first), ...lines.map(paintRow)];
}
