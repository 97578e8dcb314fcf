import { nearest, useInstead } from '../../../lib/core/text/nearest';

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

describe('what to write instead of a name that is not known', () => {
  it('is the name that was meant, whatever else could be said', () => {
    expect(useInstead('stagin', ['staging', 'prod'])).toBe('did you mean "staging"?');
    expect(useInstead('stagin', ['staging', 'prod'], { otherwise: 'add it' })).toBe('did you mean "staging"?');
  });

  it('is one of the known names if none is near, or what the caller says', () => {
    expect(useInstead('qa', ['staging', 'prod'])).toBe('use one of: staging, prod');
    expect(useInstead('qa', ['staging', 'prod'], { otherwise: 'add it' })).toBe('add it');
  });

  it('is not a long list, and not an empty one', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `service-${index}`);
    expect(useInstead('qa', many)).toBe(`use one of: ${many.slice(0, 10).join(', ')} and 990 more`);
    expect(useInstead('qa', [])).toBe('there is none yet');
  });
});
