import { fitToWidth, padToWidth, textWidth } from './text-width';

/**
 * @param rows cells without colours or line breaks; a row may have fewer cells than others
 * @returns one line per row, its cells in columns two spaces apart, without trailing space
 */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => padToWidth(cell, widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** How a table is to look. */
export interface TableLook {
  readonly head: readonly string[];
  /** Columns of the terminal; undefined where nothing is cut: a file, or another program. */
  readonly columns?: number;
  readonly paintHead?: (text: string) => string;
  /** Paints a finished line. */
  readonly paintRow?: (line: string, index: number) => string;
}

/** @returns a table with a head, as lines; nothing if it has no rows. */
export function headedTable(rows: readonly (readonly string[])[], look: TableLook): readonly string[] {
  const { head, columns, paintHead = (text) => text, paintRow = (line) => line } = look;
  if (rows.length === 0) return [];
  const [first = '', ...lines] = table([head, ...rows]).map((line) => fitToWidth(line, columns));
  return [paintHead(first), ...lines.map(paintRow)];
}
