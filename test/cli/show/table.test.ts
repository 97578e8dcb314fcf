import stringWidth from 'string-width';
import { table } from '../../../lib/cli/show/table';

describe('a table', () => {
  it('aligns its columns, without trailing space', () => {
    expect(table([['a', 'long cell', 'x'], ['longer', 'b', ''], ['c']])).toEqual([
      'a       long cell  x',
      'longer  b',
      'c',
    ]);
  });

  it('counts letters as people see them', () => {
    expect(
      table([
        ['gro\u0308ße', 'x'],
        ['grosse', 'y'],
      ]),
    ).toEqual(['gro\u0308ße   x', 'grosse  y']);
  });

  it.each([
    ['of Chinese characters', '機能/検索', 'main'],
    ['with combining marks', 'cafe\u0301', 'menu'],
    ['with an emoji', '🚀-launch', 'main'],
  ])('keeps its columns below each other beside a branch name %s', (_, odd, plain) => {
    const lines = table([
      [odd, 'ada'],
      [plain, 'bob'],
    ]);
    const starts = lines.map((line) => stringWidth(line.slice(0, line.search(/ada|bob/))));
    expect(starts[0]).toBe(starts[1]);
    expect(lines[0]).toBe(`${odd}  ada`);
  });

  it('of nothing is nothing', () => {
    expect(table([])).toEqual([]);
  });
});
