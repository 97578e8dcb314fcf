import type { MadeStage } from '../../../lib/core/contracts/made-stage';
import type { RefState, SeenRefs } from '../../../lib/core/contracts/state';
import { type AppSeen, findMissed, judgeByHistory, seenNow } from '../../../lib/core/trigger/find-missed';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZA';
const AT = '2026-01-01T00:00:00.000Z';
const { dev } = anApp().stages;
const config = anApp({
  stages: { ...anApp().stages, tagged: { ...dev!, branches: [], tags: ['v*'] } },
  pullRequests: { template: 'dev', into: ['main'], emptyBuckets: false },
  branchStages: [{ branches: ['feature/*'], template: 'dev', emptyBuckets: false }],
});
const made = (more: Partial<MadeStage>): MadeStage => ({
  app: 'shop',
  stage: 'pr-1',
  template: 'dev',
  madeAt: AT,
  origin: { kind: 'pull-request', number: 1, branch: 'fix' },
  ...more,
});
const aRequest = (number: number, more: object = {}) => ({
  number,
  into: 'main',
  branch: `topic/${number}`,
  isFork: false,
  commit: A,
  ...more,
});
const seen = (branches: Record<string, string>, more: Partial<AppSeen> = {}): AppSeen => ({
  config,
  made: [],
  states: [],
  openPullRequests: [],
  before: { version: 2, branches: {} },
  branches: new Map(Object.entries(branches)),
  tags: { prefixes: ['v'], heads: new Map() },
  ...more,
});
const before = (branches: Record<string, string>, more: Partial<SeenRefs> = {}): SeenRefs => ({
  version: 2,
  branches: Object.fromEntries(Object.entries(branches).map(([name, commit]) => [name, commit.slice(0, 12)])),
  ...more,
});
const state = (stage: string, ref: string, head: string | undefined, more: Partial<RefState> = {}): RefState => ({
  stage,
  ref,
  head,
  releaseId: RELEASE,
  at: AT,
  ...more,
});
const refsOf = (app: AppSeen) => findMissed(app).refs.map(({ ref }) => ref);

describe('what may have been missed', () => {
  it('is a head that is another than the one accepted last, in each stage where it is', () => {
    const states = [state('dev', 'heads/main', A), state('prod', 'heads/main', B)];
    expect(findMissed(seen({ main: B }, { states, before: before({ main: B }) })).refs).toEqual([
      {
        ref: 'heads/main',
        head: B,
        isNewStage: false,
        stages: [{ stage: 'dev', state: states[0], hasMoved: false, isNewStage: false }],
      },
    ]);
  });

  it('is a head whose release is wanted again', () => {
    const states = [state('dev', 'heads/main', A, { again: RELEASE }), state('prod', 'heads/main', A)];
    const { refs } = findMissed(seen({ main: A }, { states, before: before({ main: A }) }));
    expect(refs).toMatchObject([{ ref: 'heads/main', stages: [{ stage: 'dev' }] }]);
  });

  it('is a branch or tag that is new or has moved, and none that no stage deploys', () => {
    const heads = new Map(Object.entries({ v1: A, v2: B, x1: A }));
    const tags = { prefixes: ['v'], heads };
    const was = before({ 'topic/old': A }, { tags: { v1: A.slice(0, 12) }, tagPrefixes: ['v'] });
    const branches = { 'feature/x': A, other: A, 'topic/old': A };
    expect(refsOf(seen(branches, { tags, before: was }))).toEqual(['heads/feature/x', 'tags/v2']);
  });

  it('is no tag that the last look did not ask for', () => {
    const tags = { prefixes: ['release-', 'v'], heads: new Map([['v1', A]]) };
    expect(refsOf(seen({}, { tags, before: before({}, { tags: {}, tagPrefixes: ['release-'] }) }))).toEqual([]);
    expect(refsOf(seen({}, { tags, before: before({}) }))).toEqual([]);
    expect(refsOf(seen({}, { tags, before: before({}, { tags: {}, tagPrefixes: ['v'] }) }))).toEqual(['tags/v1']);
  });

  it('is nothing that the last look had no room for', () => {
    const more = { cut: true as const, tags: {}, tagPrefixes: ['v'] };
    const tags = { prefixes: ['v'], heads: new Map([['v1', A]]) };
    expect(refsOf(seen({ main: A, 'topic/a': B }, { tags, before: before({ 'topic/a': A }, more) }))).toEqual([
      'heads/topic/a',
    ]);
  });

  it('is an open pull request that was not seen before, or is at another commit', () => {
    const openPullRequests = [aRequest(1), aRequest(2), aRequest(3, { commit: B })];
    const states = [state('pr-1', 'pull/1', A), state('pr-3', 'pull/3', A)];
    const stages = [made({})];
    const { refs } = findMissed(seen({}, { openPullRequests, states, made: stages }));
    expect(refs).toMatchObject([
      { ref: 'pull/2', isNewStage: true, head: A },
      { ref: 'pull/3', isNewStage: true, head: B },
    ]);
    const known = before({}, { pullRequests: [1, 2, 3] });
    expect(refsOf(seen({}, { openPullRequests, states, made: stages, before: known }))).toEqual(['pull/3']);
  });

  it('is once a pull request that gets no stage, to tell why', () => {
    const openPullRequests = [aRequest(1, { isFork: true }), aRequest(2, { into: 'other' })];
    expect(refsOf(seen({}, { openPullRequests }))).toEqual(['pull/1', 'pull/2']);
    const kept = seenNow(seen({}, { openPullRequests }), new Set());
    expect(kept).toMatchObject({ pullRequests: [], otherPullRequests: [1, 2] });
    expect(refsOf(seen({}, { openPullRequests, before: kept }))).toEqual([]);
  });

  it('is no pull request where they have no stages', () => {
    expect(refsOf(seen({}, { config: anApp(), openPullRequests: [aRequest(1)] }))).toEqual([]);
  });

  it('is a branch, a tag or a pull request that was accepted and is gone, if it has no stage of its own', () => {
    const states = [
      state('dev', 'heads/main', A),
      state('tagged', 'tags/v1', A),
      state('pr-2', 'pull/2', A),
      state('pr-1', 'pull/1', A),
      // Gone already; and of a rule that is gone.
      state('dev', 'heads/topic/a', undefined),
      state('dev', 'heads/other', A),
    ];
    expect(findMissed(seen({}, { states, made: [made({})] })).refs).toMatchObject([
      { ref: 'heads/main', stages: [{ stage: 'dev' }] },
      { ref: 'tags/v1', stages: [{ stage: 'tagged' }] },
      { ref: 'pull/2', stages: [{ stage: 'pr-2' }] },
    ]);
  });

  it('is a stage whose pull request or branch is gone, or whose pull request goes elsewhere', () => {
    const stages = [
      made({}),
      made({ stage: 'pr-2', origin: { kind: 'pull-request', number: 2, branch: 'topic/2' } }),
      made({ stage: 'pr-3', origin: { kind: 'pull-request', number: 3, branch: 'topic/3' } }),
      made({ stage: 'x', origin: { kind: 'branch', branch: 'feature/x' } }),
      made({ stage: 'y', origin: { kind: 'branch', branch: 'feature/y' } }),
      // Configured by now.
      made({ stage: 'prod', origin: { kind: 'branch', branch: 'prod' } }),
    ];
    const openPullRequests = [aRequest(2, { into: 'other' }), aRequest(3)];
    const { gone } = findMissed(seen({ 'feature/y': A }, { made: stages, openPullRequests }));
    expect(gone.map(({ stage }) => stage)).toEqual(['pr-1', 'pr-2', 'x']);
    expect(findMissed(seen({ 'feature/y': A }, { made: stages, openPullRequests: undefined })).gone).toHaveLength(1);
  });

  it('is nothing where nothing has changed', () => {
    const now = seen({ main: A, fix: B, other: A }, { openPullRequests: [aRequest(1), aRequest(2)] });
    expect(findMissed({ ...now, before: seenNow(now, new Set()) })).toEqual({ refs: [], gone: [] });
  });

  it('is looked at again where it failed', () => {
    const now = seen({ main: A, 'topic/a': B }, { openPullRequests: [aRequest(1), aRequest(2)] });
    const kept = seenNow(now, new Set(['heads/topic/a', 'pull/2']));
    expect(refsOf({ ...now, before: kept })).toEqual(['heads/topic/a', 'pull/2']);
  });
});

describe('what was seen of a repository', () => {
  it('fits into an item of the state table, whatever the number of branches; those that stages deploy come first', () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`.padEnd(40, '-'), A]));
    const kept = seenNow(seen({ ...many, main: B }), new Set());
    expect(kept).toMatchObject({ cut: true, branches: { main: B.slice(0, 12) } });
    expect(JSON.stringify(kept).length).toBeLessThan(350_000);
  });

  it('fits with very many long names, counted in bytes', () => {
    const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`${'ü'.repeat(100)}${index}`, A]));
    const openPullRequests = Array.from({ length: 20_000 }, (_, index) => aRequest(index + 1));
    const tags = new Map(Array.from({ length: 4_000 }, (_, index) => [`v${'ü'.repeat(100)}${index}`, A]));
    const app = seen(many, { openPullRequests, tags: { prefixes: ['v'], heads: tags } });
    const kept = seenNow(app, new Set());
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(350_000);
    expect(kept.pullRequests).toHaveLength(20_000);
  });
});

describe('a reference of which no state is known', () => {
  const main = { ref: 'heads/main', head: B };
  const released = (commit: string, more: object = { branch: 'main' }) => ({
    release: aRelease({ id: RELEASE, commit, branch: undefined, ...more }),
  });
  const [still, moved] = [
    { hasMoved: false, isFirstLook: false },
    { hasMoved: true, isFirstLook: false },
  ];
  const first = { hasMoved: false, isFirstLook: true };
  const pull = { ref: 'pull/7', head: B };
  const ofPull = { pullRequest: { number: 7 } };
  const removal = { remove: { emptyBuckets: false } };

  it.each<[string, ReturnType<typeof judgeByHistory>, ...Parameters<typeof judgeByHistory>]>([
    ['was released, however that ended', { verdict: 'released', by: RELEASE }, main, moved, [released(A), released(B)]],
    ['was not', { verdict: 'missed' }, main, moved, [released(A)]],
    ['is of a stage without releases', { verdict: 'missed' }, main, moved, []],
    ['at the first look, of a branch released before', { verdict: 'missed' }, main, first, [released(A)]],
    ['at the first look, of any other', { verdict: 'left' }, main, first, [released(A, { branch: 'topic/a' })]],
    ['has not moved', { verdict: 'left', by: RELEASE }, main, still, [released(A)]],
    ['is a pull request that is ahead of its stage', { verdict: 'missed' }, pull, still, [released(A, ofPull)]],
    ['is of a stage that was removed', { verdict: 'left' }, pull, still, [released(A, { ...ofPull, ...removal })]],
  ])('%s', (_, expected, ref, how, records) => {
    expect(judgeByHistory(ref, how, records)).toEqual(expected);
  });
});
