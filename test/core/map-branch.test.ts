import type { AppConfig } from '../../lib/core/app-config';
import { stagesOfBranch } from '../../lib/core/map-branch';
import { NO_STAGE_SHIFT } from '../../lib/core/shift/settings';
import { aRelease } from '../builders';

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
    expect(stagesOfBranch(app, 'main')).toEqual({ stages: ['dev', 'qa'] });
  });

  it('are none for another branch, and the reason names the rules', () => {
    expect(stagesOfBranch(anApp({ dev: ['main', 'feature/*'], prod: ['release'] }), 'topic')).toEqual({
      ignored: 'no stage of app "shop" deploys branch "topic"; its stages are dev (main, feature/*), prod (release)',
    });
  });
});
