/** A table: its heading, its rows, and what to know when reading it. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
}

/** @returns a table as Markdown, its columns aligned for those who read the text itself. */
export function markdownTable({ title, columns, rows, notes = [] }: Table): string {
  const texts = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, at) => Math.max(3, ...texts.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (isNumber(rows, at) ? (cells[at] ?? '').padStart(width) : (cells[at] ?? '').padEnd(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (isNumber(rows, at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  const [head = [], ...body] = texts;
  return [`### ${title}`, '', line(head), rule, ...body.map(line), '', ...notes.flatMap((note) => [note, ''])].join(
    '\n',
  );
}

/** Whether a column holds figures, which are aligned to the right. */
const isNumber = (rows: Table['rows'], at: number): boolean =>
  at > 0 && rows.every((row) => /^[\d.,×%–-]*( [a-zµ]+)?$/i.test(String(row[at] ?? '')));
