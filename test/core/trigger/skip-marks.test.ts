import { skipMarkOf } from '../../../lib/core/trigger/skip-marks';

describe('a mark that asks for no release', () => {
  it.each([
    ['Fix a typo [skip ci]', '[skip ci]'],
    ['[ci skip] Fix a typo', '[ci skip]'],
    ['chore(release): 1.2.3 [NO CI]', '[no ci]'],
    ['a\n\nwords [skip actions] and words', '[skip actions]'],
    ['a [actions skip]', '[actions skip]'],
    ['a [skip seedbed]', '[skip seedbed]'],
    ['a [Seedbed skip]', '[seedbed skip]'],
    ['A subject\n\n\nskip-checks: true', 'skip-checks: true'],
    ['A subject\n\nA body.\n\nSigned-off-by: Ada\nskip-checks:true\n', 'skip-checks: true'],
    ['A subject\r\n\r\n\r\nSkip-Checks: true\r\n', 'skip-checks: true'],
  ])('is found in %j', (message, mark) => {
    expect(skipMarkOf(message)).toBe(mark);
  });

  it.each([
    '',
    'Fix the skip ci mark',
    '[skip] ci',
    '[skip-ci]',
    'skip-checks: true',
    'A subject\n\nskip-checks: true\n\nThat was a trailer once.',
    'A subject\n\nskip-checks: false',
    'A subject\n\nno skip-checks: true',
    'A subject\n\nskip-checks: trueish',
  ])('is not in %j', (message) => {
    expect(skipMarkOf(message)).toBeUndefined();
  });
});
