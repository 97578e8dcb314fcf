import { tellSome } from '../../../lib/core/text/tell-some';

describe('sentences of a list', () => {
  it('are all told if they are few', () => {
    expect(tellSome(['no disk', 'no table'])).toBe('no disk; no table');
    expect(tellSome([])).toBe('');
  });

  it('are told up to a number, with how many more there are', () => {
    const many = Array.from({ length: 25 }, (_, index) => `problem ${index}`);
    expect(tellSome(many)).toMatch(/^problem 0; .*; problem 19; and 5 more$/);
    expect(tellSome(many, { most: 1, others: 'services failed' })).toBe('problem 0; and 24 more services failed');
  });

  it('keep their beginning and their end if they are long', () => {
    const told = tellSome([`why${'x'.repeat(5_000)}where`, 'no disk']);
    expect(told.length).toBeLessThan(1_100);
    expect(told).toMatch(/^why.*characters left out.*where; no disk$/);
  });
});
