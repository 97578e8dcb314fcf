import fc from 'fast-check';
import { TAG_ORDERS } from '../../../lib/core/contracts/app-config';
import {
  areCompared,
  compareVersions,
  type Lineage,
  likelyNewestFirst,
  versionOfTag,
  whyOlder,
} from '../../../lib/core/trigger/tag-order';
import { runs } from '../../runs';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];

describe('the version of a tag', () => {
  it.each([
    ['v1.2.3', 'v', [1, 2, 3], []],
    ['1.2.3', '', [1, 2, 3], []],
    ['api@1.2.3-rc.1+build.5', 'api@', [1, 2, 3], ['rc', '1']],
    ['release/2026.01.15', 'release/', [2026, 1, 15], []],
    ['api2-v1.2.3', 'api2-v', [1, 2, 3], []],
    ['2-1.2.3', '2-', [1, 2, 3], []],
    ['1.2-1.2.3', '1.2-', [1, 2, 3], []],
    ['1.2.3-rc.1.2.3', '', [1, 2, 3], ['rc', '1', '2', '3']],
    ['1.2.3/4.5.6', '1.2.3/', [4, 5, 6], []],
    ['1.2.3+4.5.6', '', [1, 2, 3], []],
    ['1.2.3+a+4.5.6', '1.2.3+a+', [4, 5, 6], []],
  ])('%s has its prefix, its numbers and what comes before it', (tag, prefix, numbers, before) => {
    expect(versionOfTag(tag)).toEqual({ prefix, numbers, before });
  });

  it.each([
    'v1',
    'v1.2',
    'latest',
    'v1.2.3.4',
    'v1.2.3.4-5.6.7',
    'v.1.2.3',
    'v1.2.3-',
    'v1.2.3+',
    'v1.2.3-+build',
    'v1.2.3 rc',
    '',
  ])('%s has none', (tag) => {
    expect(versionOfTag(tag)).toBeUndefined();
  });

  it('is compared as Semantic Versioning says, example by example', () => {
    const rising = ['alpha', 'alpha.1', 'alpha.beta', 'beta', 'beta.2', 'beta.11', 'rc.1'].map(
      (one) => `v1.0.0-${one}`,
    );
    const all = [...rising, 'v1.0.0', 'v1.0.1', 'v1.2.0', 'v1.10.0', 'v2.0.0'];
    for (const [index, one] of all.entries()) {
      for (const [at, other] of all.entries()) {
        expect([one, other, Math.sign(compareVersions(one, other)!)]).toEqual([one, other, Math.sign(index - at)]);
      }
    }
    expect(compareVersions('v1.0.0', 'v1.0.0+build')).toBe(0);
    expect(compareVersions('api-v1.0.0', 'web-v2.0.0')).toBeUndefined();
  });
});

describe('a tag', () => {
  const old = { tag: 'v1.0.1', commit: A };
  const stage = (lineage: Lineage, tag = 'v1.2.0') => ({ other: { tag, commit: B }, lineage });

  it.each([
    ['newest-commit', 'behind', 'its commit aaaaaaa is below commit bbbbbbb'],
    ['newest-commit', 'identical', undefined],
    // Somebody counts differently: the commit decides.
    ['newest-commit', 'ahead', undefined],
    ['newest-commit', 'diverged', 'it is of another line, and its version is lower'],
    ['semver', 'behind', 'its version is lower'],
    ['semver', 'ahead', 'its version is lower'],
    ['any', 'behind', undefined],
    ['any', 'diverged', undefined],
  ] as const)('of a lower version is, by %s and with a commit that is %s, %s', (order, lineage, why) => {
    expect(whyOlder(order, old, stage(lineage))).toBe(why);
  });

  it('of a higher version is older only by its commit', () => {
    const higher = { tag: 'v9.0.0', commit: A };
    expect(whyOlder('newest-commit', higher, stage('behind'))).toBeDefined();
    expect(whyOlder('semver', higher, stage('behind'))).toBeUndefined();
    expect(whyOlder('newest-commit', higher, stage('diverged'))).toBeUndefined();
  });

  it('without a version, or one of something else, is older only by its commit', () => {
    expect(whyOlder('newest-commit', { tag: 'stable', commit: A }, stage('diverged'))).toBeUndefined();
    expect(
      whyOlder('newest-commit', { tag: 'web-v0.1.0', commit: A }, stage('diverged', 'api-v3.0.0')),
    ).toBeUndefined();
    expect(areCompared('semver', 'web-v0.1.0', 'api-v3.0.0')).toBe(false);
    expect(areCompared('newest-commit', 'web-v0.1.0', 'api-v3.0.0')).toBe(true);
  });

  it('that was moved is never older than itself', () => {
    for (const order of TAG_ORDERS) expect(whyOlder(order, old, stage('behind', 'v1.0.1'))).toBeUndefined();
  });

  it('is never older than another one that is older than it', () => {
    const tag = fc.constantFrom('v1.0.0', 'v1.0.1', 'v2.0.0-rc.1', 'v2.0.0', 'api-v1.0.0', 'stable', 'v3');
    const opposite = { ahead: 'behind', behind: 'ahead', identical: 'identical', diverged: 'diverged' } as const;
    const lineages = fc.constantFrom<Lineage>('ahead', 'behind', 'identical', 'diverged');
    fc.assert(
      fc.property(fc.constantFrom(...TAG_ORDERS), tag, tag, lineages, (order, one, other, lineage) => {
        const [a, b] = [
          { tag: one, commit: A },
          { tag: other, commit: B },
        ];
        const there = whyOlder(order, a, { other: b, lineage });
        const back = whyOlder(order, b, { other: a, lineage: opposite[lineage] });
        return there === undefined || back === undefined;
      }),
      { numRuns: runs(300) },
    );
  });
});

it('those that are likely to be the newest come first', () => {
  expect(likelyNewestFirst(['v1.9.0', 'v1.10.0-rc.1', 'v1.10.0', 'v1.2.0'])).toEqual([
    'v1.10.0',
    'v1.10.0-rc.1',
    'v1.9.0',
    'v1.2.0',
  ]);
  expect(likelyNewestFirst(['build-9', 'build-10'])).toEqual(['build-10', 'build-9']);
});
