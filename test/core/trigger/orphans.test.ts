import type { MadeStage } from '../../../lib/core/contracts/made-stage';
import { findOrphans, type StagesSeen } from '../../../lib/core/trigger/orphans';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';

const NOW = Date.parse('2026-01-02T12:00:00.000Z');
const config = anApp({
  pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true },
  branchStages: [{ template: 'dev', branches: ['feature/*'], emptyBuckets: false }],
});
const ofRequest = (more: Partial<MadeStage> = {}): MadeStage => ({
  app: 'shop',
  stage: 'pr-12',
  template: 'dev',
  madeAt: '2026-01-01T00:00:00.000Z',
  origin: { kind: 'pull-request', number: 12, branch: 'topic' },
  ...more,
});
const ofBranch = (branch = 'feature/a', more: Partial<MadeStage> = {}): MadeStage =>
  ofRequest({ stage: 'feature-a', origin: { kind: 'branch', branch }, ...more });
const seen = (made: readonly MadeStage[], more: Partial<StagesSeen> = {}): StagesSeen => ({
  config,
  made,
  openPullRequests: [12],
  branches: ['main', 'feature/a'],
  now: NOW,
  states: new Map(),
  newest: new Map(),
  ...more,
});
const removal = (status: 'running' | 'failed' | 'succeeded', message?: string) => ({
  status,
  release: aRelease({ stage: 'pr-12', remove: { emptyBuckets: true } }),
  ...(message !== undefined && { error: { code: 'ServiceFailed', message } }),
});
const codes = (from: StagesSeen) => findOrphans(from).map(({ stage, reason }) => [stage, reason.code]);

describe('findOrphans', () => {
  it('finds none where every stage has its pull request or branch', () => {
    expect(findOrphans(seen([ofRequest(), ofBranch()]))).toEqual([]);
  });

  it('finds the stages of closed pull requests and deleted branches, with what is left in them', () => {
    const states = new Map([['pr-12', [{ path: 'api' }, { path: 'db' }]]]);
    const found = findOrphans(seen([ofRequest(), ofBranch()], { openPullRequests: [13], branches: ['main'], states }));
    expect(found).toEqual([
      {
        stage: 'feature-a',
        reason: { code: 'branch-gone', message: 'branch "feature/a" no longer exists' },
        services: [],
      },
      {
        stage: 'pr-12',
        reason: { code: 'pull-request-closed', message: 'pull request #12 is no longer open' },
        services: ['api', 'db'],
      },
    ]);
  });

  it('concludes nothing from what was not asked for', () => {
    const unknown = { openPullRequests: undefined, branches: undefined };
    expect(findOrphans(seen([ofRequest(), ofBranch()], unknown))).toEqual([]);
  });

  it('tells why a removal failed', () => {
    const newest = new Map([['pr-12', removal('failed', 'service "db": bucket "x" holds 3 objects')]]);
    const [orphan] = findOrphans(seen([ofRequest({ removeAskedAt: '2026-01-02T11:59:00.000Z' })], { newest }));
    expect(orphan?.reason.code).toBe('removal-failed');
    expect(orphan?.reason.message).toContain('failed: service "db": bucket "x" holds 3 objects');
  });

  it('leaves alone a stage that is being removed, and reports one whose removal never came about', () => {
    const long = ofRequest({ removeAskedAt: '2026-01-02T11:00:00.000Z' });
    const short = ofRequest({ removeAskedAt: '2026-01-02T11:45:00.000Z' });
    expect(codes(seen([long], { newest: new Map([['pr-12', removal('running')]]) }))).toEqual([]);
    expect(codes(seen([short], { openPullRequests: [] }))).toEqual([]);
    expect(codes(seen([long]))).toEqual([['pr-12', 'removal-overdue']]);
  });

  it.each([
    ['pull requests are off', ofRequest(), { ...config, pullRequests: undefined }],
    ['the template has gone', ofRequest({ template: 'preview' }), config],
    ['another template serves', ofRequest({ template: 'prod' }), config],
    ['no rule matches the branch', ofBranch('topic/a'), config],
    ['the app is not connected', ofBranch(), undefined],
  ])('finds a stage without a rule: %s', (_, made, now) => {
    const at = { openPullRequests: [12], branches: ['feature/a', 'topic/a'], config: now };
    expect(codes(seen([made], at))).toEqual([[made.stage, 'rule-gone']]);
  });

  it('finds a stage that seedbed.yml does not name any more, as long as something is deployed in it', () => {
    const states = new Map([
      ['staging', [{ path: 'api' }]],
      ['old', []],
      ['prod', [{ path: 'api' }]],
    ]);
    expect(codes(seen([], { states }))).toEqual([['staging', 'rule-gone']]);
  });
});
