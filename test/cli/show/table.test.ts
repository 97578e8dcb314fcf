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

  it('of nothing is nothing', () => {
    expect(table([])).toEqual([]);
  });
});
