import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { NO_STAGE_SHIFT } from '../../../lib/core/contracts/settings';
import { diagnoseBranches } from '../../../lib/core/trigger/diagnose-branches';
import { isLiteralRef, stageOfPullRequest, stagesOfBranch, stagesOfTag } from '../../../lib/core/trigger/map-ref';
import { aRelease } from '../../builders';

const { repository, target } = aRelease();
const anApp = (stages: Record<string, string[]>): AppConfig => ({
  app: 'shop',
  repository,
  branchStages: [],
  stages: Object.fromEntries(
    Object.entries(stages).map(([name, branches]) => [name, { branches, tags: [], target, shift: NO_STAGE_SHIFT }]),
  ),
});

describe('the stages of a branch', () => {
  it.each<[string, string, boolean]>([
    ['main', 'main', true],
    ['main', 'Main', false],
    ['main', 'main2', false],
    ['main', 'feature/main', false],
    ['feature/*', 'feature/x', true],
    ['feature/*', 'feature/x/y', false],
    ['feature/**', 'feature/x/y', true],
    ['**', 'any/branch', true],
    ['*', 'any/branch', false],
    ['*', '.hidden', true],
    ['release-[0-9]*', 'release-12', true],
    ['release-[0-9]*', 'release-x', false],
    ['{main,develop}', 'develop', true],
    ['!(main)', 'main', false],
    ['!(main)', 'topic', true],
    ['fix(a)+b', 'fix(a)+b', true],
    ['größe', 'größe', true],
  ])('under %j, is %j deployed: %j', (pattern, branch, expected) => {
    const mapping = stagesOfBranch(anApp({ dev: [pattern] }), branch);
    expect('stages' in mapping).toBe(expected);
  });

  it('are all whose rule matches, sorted', () => {
    const app = anApp({ qa: ['x', 'ma*'], dev: ['main', 'm*'], prod: ['release'] });
    expect(stagesOfBranch(app, 'main')).toEqual({ stages: [{ stage: 'dev' }, { stage: 'qa' }] });
  });

  it('are none for another branch, and the reason names the rules', () => {
    expect(stagesOfBranch(anApp({ dev: ['main', 'feature/*'], prod: ['release'] }), 'topic')).toEqual({
      ignored: {
        code: 'branch-without-stage',
        message: 'no stage of app "shop" deploys branch "topic"; its stages are dev (main, feature/*), prod (release)',
      },
    });
  });
});

describe('a pattern', () => {
  it.each<[string, boolean]>([
    ['main', true],
    ['feature/x', true],
    ['größe', true],
    ['release-*', false],
    ['{main,develop}', false],
    ['!(main)', false],
    ['!main', false],
  ])('%j is the name of one branch: %j', (pattern, expected) => {
    expect(isLiteralRef(pattern)).toBe(expected);
  });

  it('that stands for everything but a branch is not looked for in the repository', () => {
    const findings = diagnoseBranches(anApp({ dev: ['!main'], prod: ['main'] }), new Set(['main', 'topic']));
    expect(findings).toMatchObject([{ level: 'ok', message: 'there are main' }]);
  });
});

describe('the stage of a branch of its own', () => {
  const app: AppConfig = {
    ...anApp({ dev: ['main', 'fix/*'], prod: ['release'] }),
    branchStages: [
      { branches: ['feature/*', 'demo'], template: 'dev', emptyBuckets: true },
      { branches: ['**'], template: 'prod', emptyBuckets: false },
    ],
  };

  it('is made by the first rule that matches', () => {
    expect(stagesOfBranch(app, 'demo')).toEqual({
      stages: [
        { stage: 'demo', made: { template: 'dev', origin: { kind: 'branch', branch: 'demo' }, emptyBuckets: true } },
      ],
    });
    expect(stagesOfBranch(app, 'other')).toMatchObject({ stages: [{ stage: 'other', made: { template: 'prod' } }] });
  });

  it('is none for a branch that a configured stage deploys', () => {
    expect(stagesOfBranch(app, 'fix/a')).toEqual({ stages: [{ stage: 'dev' }] });
  });

  it('is never a configured stage', () => {
    const mapping = stagesOfBranch(app, 'prod');
    expect(mapping).toMatchObject({ stages: [{ stage: expect.stringMatching(/^prod-[0-9a-f]{8}$/) }] });
  });
});

describe('the stages of a tag', () => {
  const app = anApp({ dev: ['main'], prod: [] });
  app.stages.prod!.tags.push('v*', 'lts/*');

  it.each([
    ['v1.2.3', { stages: [{ stage: 'prod' }] }],
    ['lts/1', { stages: [{ stage: 'prod' }] }],
    ['main', { ignored: { code: 'tag-without-stage' } }],
    ['v1/2', { ignored: { code: 'tag-without-stage' } }],
  ])('of %j are %j', (tag, expected) => {
    expect(stagesOfTag(app, tag)).toMatchObject(expected);
  });
});

describe('the stage of a pull request', () => {
  const app: AppConfig = {
    ...anApp({ dev: ['main'] }),
    pullRequests: { template: 'dev', into: ['main', 'release/*'], emptyBuckets: true },
  };
  const request = { number: 12, into: 'main', branch: 'topic', isFork: false };

  it('is called by its number and has the settings of the template', () => {
    expect(stageOfPullRequest(app, request)).toEqual({
      stages: [
        {
          stage: 'pr-12',
          made: { template: 'dev', origin: { kind: 'pull-request', number: 12, branch: 'topic' }, emptyBuckets: true },
        },
      ],
    });
    expect(stageOfPullRequest(app, { ...request, into: 'release/2' })).toHaveProperty('stages');
  });

  it.each<[string, AppConfig, object]>([
    ['pull-requests-off', { ...app, pullRequests: undefined }, {}],
    ['pull-request-of-fork', app, { isFork: true }],
    ['pull-request-of-fork', app, { isFork: true, into: 'other' }],
    ['pull-request-to-other-branch', app, { into: 'topic-base' }],
  ])('is none: %s', (code, config, more) => {
    expect(stageOfPullRequest(config, { ...request, ...more })).toMatchObject({ ignored: { code } });
  });
});
