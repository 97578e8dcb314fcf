import { cleanDeep, cleanText } from '../../../lib/cli/show/clean-text';

it.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b[2J\u001b[Hclear', 'clear'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bPq#0\u001b\\sixel', 'sixel'],
  ['a\rb\bc\u0000', 'abc'],
  ['\u009b31mC1', '31mC1'],
  ['safe\u202egnp.exe', 'safegnp.exe'],
  ['tab\tand\nline, ümläut ✔ 漢字', 'tab\tand\nline, ümläut ✔ 漢字'],
  ['cut \u001b', 'cut '],
])('cleanText takes %j to %j', (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

it('cleanDeep cleans all texts of a value, and keys', () => {
  const value = { 'a\u001b[1m': ['\u001b[1mb', { c: 1, d: undefined, e: null, f: '\u0007' }] };
  expect(cleanDeep(value)).toEqual({ a: ['b', { c: 1, d: undefined, e: null, f: '' }] });
});
