import { readArguments } from '../../bench/bench-options';
import { limitOf, neededCalls } from '../../bench/pace-limit';
import { plotOf } from '../../bench/pace-plot';

it.each([
  [1, 0],
  [20, 1.67],
  [100, 12.33],
  [320, 41.67],
])('Lambda takes the calls of %d functions in %d s at the least', (functions, seconds) => {
  expect(limitOf(neededCalls(functions)) / 1000).toBeCloseTo(seconds, 2);
});

it('draws calls by second, with those that were refused', () => {
  const plot = plotOf([
    { taken: 3, refused: 0 },
    { taken: 0, refused: 0 },
    { taken: 2, refused: 2 },
  ]);
  expect(plot.split('\n')).toEqual([
    '```',
    '   0 s ### 3',
    '   1 s  0',
    '   2 s ##xx 2, 2 refused',
    '# = 1 call taken a second, x = as many refused',
    '```',
  ]);
});

it('draws a long time in few lines, and many calls in short ones', () => {
  const lines = plotOf(Array.from({ length: 100 }, () => ({ taken: 15, refused: 105 }))).split('\n');
  expect(lines).toHaveLength(23);
  expect(lines[1]).toBe(`   0 s ${'#'.repeat(8)}${'x'.repeat(53)} 75, 525 refused`);
  expect(lines.at(-2)).toBe('# = 2.0 calls taken a second, x = as many refused; a line is 5 s');
});

it('reads what the command line asks for', () => {
  expect(readArguments(['many', 'first', '--services', '4,16', '--runs=3'])).toEqual({
    names: ['many', 'first'],
    options: { services: [4, 16], functions: undefined, runs: 3 },
  });
  expect(() => readArguments(['many', '--services', 'all'])).toThrow('--services: "all" is no number');
  expect(() => readArguments(['--service', '4'])).toThrow("Unknown option '--service'");
});
