import { errorCodes } from '../../lib/core/contracts/errors';
import { OPERATIONS } from '../../lib/core/contracts/operations';
import { anchorsOf, codeSpans, documents } from './markdown';

const { text } = documents().find(({ path }) => path === 'docs/operations.md')!;

it.each(Object.values(OPERATIONS))('%s, which is named where something fails, is a heading', (heading) => {
  const [path, anchor] = heading.split('#');
  expect(path).toBe('docs/operations.md');
  expect(anchorsOf(text)).toContain(anchor);
});

it('every error that a release can stop with is explained', () => {
  const explained = new Set(codeSpans(text));
  expect(errorCodes().filter((code) => !explained.has(code))).toEqual([]);
});
