import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './markdown';

const LONGEST = 120;
const ROOMS = ['bench', 'bin', 'buildspec', 'lambdas', 'lib', 'test'];
const sources = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
).filter((path) => path.endsWith('.ts'));

/** The formatter holds the width of code; text within it, and comments, are held here. */
const isComment = (line: string): boolean => /^\s*(\/\/|\/\*|\*)/.test(line);
/** A text, an expression or a URL that cannot be broken. */
const isUnbreakable = (line: string): boolean => /['"`]|\/[^/]+\/|https?:/.test(line);

it('no line is longer than 120 columns, comments included, unless it is a text that cannot be broken', () => {
  expect(sources.length).toBeGreaterThan(1000);
  const long = sources.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (line.length > LONGEST ? [{ place: `${path}:${index + 1}`, line }] : [])),
  );
  const wrong = long.filter(({ line }) => (isComment(line) ? !/https?:\S+$/.test(line) : !isUnbreakable(line)));
  expect(wrong.map(({ place }) => place)).toEqual([]);
});
