import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../bench/markdown-table';
import { benchScale } from '../../bench/scale';

/** @returns the lines of the tables of a Markdown text, however their columns are aligned. */
const rowsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) => line.replace(/\s+/g, ' '));

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ');

it('docs/scale.md has the figures of the simulation: npm run bench -- scale', () => {
  const text = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
  const [limits, ...others] = benchScale();
  expect(rowsOf(text)).toEqual(
    expect.arrayContaining(rowsOf([limits!, ...others].map(markdownTable).join('\n')) as string[]),
  );
  expect(inOneLine(text)).toContain(limits!.notes![0]);
});
