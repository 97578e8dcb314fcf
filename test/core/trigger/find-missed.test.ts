import type { MadeStage } from '../../../lib/core/contracts/made-stage';
import {
  type AppSeen,
  findMissed,
  isUnreleased,
  type MissedHead,
  seenNow,
} from '../../../lib/core/trigger/find-missed';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const config = anApp({
  pullRequests: { template: 'dev', into: ['main'], emptyBuckets: false },
  branchStages: [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }],
});
const made = (more: Partial<MadeStage>): MadeStage => ({
  app: 'shop',
  stage: 'pr-1',
  template: 'dev',
  madeAt: '2026-01-01T00:00:00.000Z',
  origin: { kind: 'pull-request', number: 1, branch: 'fix' },
  ...more,
});
const seen = (branches: Record<string, string>, more: Partial<AppSeen> = {}): AppSeen => ({
  config,
  made: [],
  openPullRequests: [],
  before: { branches: {} },
  branches: new Map(Object.entries(branches)),
  ...more,
});
const before = (branches: Record<string, string>, pullRequests?: number[]): AppSeen['before'] => ({
  branches: Object.fromEntries(Object.entries(branches).map(([name, commit]) => [name, commit.slice(0, 12)])),
  pullRequests,
});

describe('what may have been missed', () => {
  it('is a head that moved, in each stage that deploys it', () => {
    const { heads } = findMissed(seen({ main: B, 'topic/a': A }, { before: before({ main: A, 'topic/a': A }) }));
    expect(heads).toEqual(['dev', 'prod'].map((stage) => ({ stage, branch: 'main', commit: B, isFirstLook: false })));
  });

  it('is a branch that is new, and none that no stage deploys', () => {
    const { heads } = findMissed(seen({ 'feature/x': A, other: A }));
    expect(heads).toMatchObject([{ branch: 'feature/x', stage: expect.stringMatching(/^feature-x-/) }]);
  });

  it('is the head of an open pull request that has its stage', () => {
    const found = findMissed(seen({ fix: B }, { made: [made({})], openPullRequests: [1], before: before({ fix: A }) }));
    expect(found).toMatchObject({ heads: [{ stage: 'pr-1', number: 1, commit: B }], pullRequests: [], gone: [] });
  });

  it('is an open pull request that was not seen before and has no stage', () => {
    const { pullRequests } = findMissed(
      seen({}, { made: [made({})], openPullRequests: [1, 2, 3], before: before({}, [2]) }),
    );
    expect(pullRequests).toEqual([3]);
  });

  it('is no pull request where they have no stages', () => {
    const off = anApp();
    expect(findMissed(seen({}, { config: off, openPullRequests: [1] })).pullRequests).toEqual([]);
  });

  it('is a stage whose pull request or branch is gone', () => {
    const stages = [
      made({}),
      made({ stage: 'x', origin: { kind: 'branch', branch: 'feature/x' } }),
      made({ stage: 'y', origin: { kind: 'branch', branch: 'feature/y' } }),
      // Configured by now.
      made({ stage: 'prod', origin: { kind: 'branch', branch: 'prod' } }),
    ];
    const { gone } = findMissed(seen({ 'feature/y': A }, { made: stages }));
    expect(gone.map(({ stage }) => stage)).toEqual(['pr-1', 'x']);
    expect(findMissed(seen({ 'feature/y': A }, { made: stages, openPullRequests: undefined })).gone).toHaveLength(1);
  });

  it('is nothing where nothing has changed', () => {
    const now = seen({ main: A, fix: B, other: A }, { made: [made({})], openPullRequests: [1, 2] });
    const kept = seenNow(now, { branches: new Set(), pullRequests: new Set() });
    expect(findMissed({ ...now, before: kept })).toEqual({ heads: [], pullRequests: [], gone: [] });
  });

  it('is looked at again where it failed', () => {
    const now = seen({ main: A, 'topic/a': B }, { openPullRequests: [1, 2] });
    const kept = seenNow(now, { branches: new Set(['topic/a']), pullRequests: new Set([2]) });
    const { heads, pullRequests } = findMissed({ ...now, before: kept });
    expect(heads.map(({ branch }) => branch)).toEqual(['topic/a']);
    expect(pullRequests).toEqual([2]);
  });

  it('fits into an item of the state table, whatever the number of branches; those that stages deploy come first', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`.padEnd(40, '-'), A]));
    const { branches } = seenNow(seen({ ...many, main: B }), { branches: new Set(), pullRequests: new Set() });
    expect(branches.main).toBe(B.slice(0, 12));
    expect(JSON.stringify(branches).length).toBeLessThan(350_000);
  });
});

describe('what was seen of a repository with very many long names', () => {
  it('fits into an item of the state table, counted in bytes', () => {
    const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`${'ü'.repeat(100)}${index}`, A]));
    const numbers = Array.from({ length: 20_000 }, (_, index) => index + 1);
    const kept = seenNow(seen(many, { openPullRequests: numbers }), { branches: new Set(), pullRequests: new Set() });
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(350_000);
    expect(kept.pullRequests).toHaveLength(20_000);
  });
});

describe('a head', () => {
  const head: MissedHead = { stage: 'dev', branch: 'main', commit: B, isFirstLook: false };
  const released = (commit: string, branch = 'main') => ({ release: aRelease({ commit, branch }) });

  it.each<[string, MissedHead, ReturnType<typeof released>[], boolean]>([
    ['was released, however that ended', head, [released(A), released(B)], false],
    ['was not', head, [released(A)], true],
    ['is of a stage without releases', head, [], true],
    ['at the first look, of a branch that was released before', { ...head, isFirstLook: true }, [released(A)], true],
    ['at the first look, of any other', { ...head, isFirstLook: true }, [released(A, 'topic/a')], false],
  ])('%s', (_, one, records, expected) => {
    expect(isUnreleased(one, records)).toBe(expected);
  });
});
