import { nearest } from '../../../lib/core/text/nearest';

describe('the nearest known word', () => {
  const known = ['branches', 'target', 'before_build', 'web', 'db'];
  it.each([
    ['branchs', 'branches'],
    ['Target', 'target'],
    ['traget', 'target'],
    ['beforeBuild', 'before_build'],
    ['before-build', 'before_build'],
    ['wbe', 'web'],
    ['d', 'db'],
    ['stages', undefined],
    ['', undefined],
    ['something else', undefined],
  ])('of %j is %j', (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });
});
