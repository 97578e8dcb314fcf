import fc from 'fast-check';
import { Name } from '../../../lib/core/contracts/release';
import { branchStageName, isPullRequestStage, pullRequestStageName } from '../../../lib/core/trigger/stage-name';
import '../../runs';

const HASHED = /-[0-9a-f]{8}$/;

describe('the name of a branch’s stage', () => {
  it.each(['demo', 'topic-1', 'a', 'x'.repeat(32)])('is the branch itself where it can be: %j', (branch) => {
    expect(branchStageName(branch, ['dev'])).toBe(branch);
  });

  it.each([
    ['feature/a', 'feature-a-'],
    ['Feature-A', 'feature-a-'],
    ['2024/report', 'branch-2024-report-'],
    ['größe', 'gr-e-'],
    ['日本', 'branch-'],
    ['-x', 'x-'],
    ['y'.repeat(33), `${'y'.repeat(23)}-`],
    ['$(reboot)', 'reboot-'],
    ['../../etc', 'etc-'],
    ['dev', 'dev-'],
    ['pr-7', 'pr-7-'],
    ['demo-0123abcd', 'demo-0123abcd-'],
  ])('of %j has a hash, since something would be lost or mistaken', (branch, start) => {
    const name = branchStageName(branch, ['dev']);
    expect(name).toMatch(HASHED);
    expect(name.replace(/[0-9a-f]{8}$/, '')).toBe(start);
  });

  it('differs where names differ in what is lost only', () => {
    const alike = ['feature/a', 'feature-a', 'Feature-A', 'feature_a', 'feature/-a', 'feature-a-'];
    expect(new Set(alike.map((branch) => branchStageName(branch, []))).size).toBe(alike.length);
    const long = 'long'.repeat(10);
    expect(branchStageName(`${long}1`, [])).not.toBe(branchStageName(`${long}2`, []));
    // Nor can a branch be called as another one's stage is.
    expect(branchStageName(branchStageName('feature/a', []), [])).not.toBe(branchStageName('feature/a', []));
  });

  const branches = fc.oneof(
    fc.string({ minLength: 1, maxLength: 60 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9/_-]{0,50}$/),
    fc.nat().map((number) => `pr-${number}`),
  );

  it('is always a valid stage name, and neither a configured stage nor a pull request', () => {
    fc.assert(
      fc.property(branches, (branch) => {
        const first = branchStageName(branch, []);
        const name = branchStageName(branch, [first]);
        for (const one of [first, name]) {
          expect(Name.safeParse(one).success).toBe(true);
          expect(isPullRequestStage(one)).toBe(false);
        }
        expect(name).not.toBe(first);
      }),
    );
  });

  it('is another for every other branch', () => {
    fc.assert(
      fc.property(fc.uniqueArray(branches, { maxLength: 50 }), (all) => {
        expect(new Set(all.map((branch) => branchStageName(branch, ['dev']))).size).toBe(all.length);
      }),
    );
  });
});

describe('the name of a pull request’s stage', () => {
  it('is its number', () => {
    expect(pullRequestStageName(12)).toBe('pr-12');
    expect(isPullRequestStage(pullRequestStageName(12))).toBe(true);
    expect(['pr-', 'pr-1a', 'xpr-1', 'pr-1-2'].filter(isPullRequestStage)).toEqual([]);
  });
});
