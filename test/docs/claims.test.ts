import { codeSpans, documents } from './markdown';

const { text } = documents().find(({ path }) => path === 'docs/claims.md')!;
const HEAD = '| claim | witness | | test |';

/** The rows of the tables of claims, cell by cell; that the tests are there is asked in `paths-and-links.test.ts`. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && line !== HEAD && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, claim, witness, kind, test]) => ({ claim, witness, kind, test: test! }));

it('there are claims in every table', () => {
  expect(rows.length).toBeGreaterThan(text.split(HEAD).length);
});

it.each(rows)('has a witness and a test: $claim', ({ witness, kind, test }) => {
  expect(witness).not.toBe('');
  expect(kind).toMatch(/^(asked|read)$/);
  expect(test === 'the same' || codeSpans(test).some((code) => /^(test\/|npm run )/.test(code))).toBe(true);
});
