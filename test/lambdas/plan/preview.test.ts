import { preview } from '../../../lambdas/plan/preview';
import { memorySource } from '../../../lib/memory/memory-source';
import { COMMIT } from '../../builders';
import { memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const NEXT = 'c'.repeat(40);
const FILES = { 'api/serverless.yml': '', 'web/serverless.yml': '', 'api/a.js': '1' };

/** A stage in which the first commit is deployed; branch and tag have another one. */
async function deployed() {
  const platform = memoryPlatform();
  const source = memorySource({
    shop: {
      branches: { main: COMMIT, 'topic/a': NEXT },
      tags: { v1: NEXT },
      commits: { [COMMIT]: FILES, [NEXT]: { ...FILES, 'api/a.js': '2' } },
    },
  });
  const release = { ...DEV, id: '01HZZZZZZZZZZZZZZZZZZZZZZA' };
  for (const path of ['api', 'web']) {
    const record = { path, status: 'deployed' as const, planned: [], functions: [], outputs: {}, durations: {} };
    await platform.states.endService(release, { status: 'deployed', commit: COMMIT }, record);
  }
  const ask = preview({ ...platform, source, now: () => '2026-01-02T03:04:05.000Z' });
  return { platform, ask };
}
const paths = ({ plan }: Awaited<ReturnType<ReturnType<typeof preview>>>) => [
  plan.phases.flat().map(({ path }) => path),
  plan.skip.map(({ path }) => path),
];

describe('preview', () => {
  it.each([
    ['a commit', { commit: NEXT }],
    ['a branch', { branch: 'topic/a' }],
    ['a tag', { tag: 'v1' }],
  ])('tells what a release of %s would do, and keeps and starts nothing', async (_, ref) => {
    const { ask, platform } = await deployed();
    const before = await platform.states.list(DEV);
    const answer = await ask({ ...DEV, ...ref });
    expect(answer.commit).toBe(NEXT);
    expect(paths(answer)).toEqual([['api'], ['web']]);
    expect(answer.plan.phases[0]![0]!.reasons[0]!.code).toBe('files-changed');
    expect(await platform.states.list(DEV)).toEqual(before);
    expect(await platform.releases.latest(DEV, 1)).toEqual([]);
    expect(platform.executions.started).toEqual([]);
    expect(platform.events.published).toEqual([]);
  });

  it('tells what would be forced, and what a single service would do', async () => {
    const { ask } = await deployed();
    expect(paths(await ask({ ...DEV, branch: 'main', force: true }))).toEqual([['api', 'web'], []]);
    const { plan } = await ask({ ...DEV, branch: 'topic/a', services: ['web'], force: true });
    expect(plan.phases.flat().map(({ path }) => path)).toEqual(['web']);
  });

  it('takes the settings of the template for a stage that a pull request has', async () => {
    const { ask, platform } = await deployed();
    const origin = { kind: 'pull-request', number: 12, branch: 'topic/a' } as const;
    await platform.stages.make({ app: 'shop', stage: 'pr-12', template: 'dev', origin, madeAt: '2026' });
    expect(paths(await ask({ app: 'shop', stage: 'pr-12', branch: 'topic/a' }))).toEqual([['api', 'web'], []]);
  });

  it.each([
    ['BranchNotFound', { branch: 'nope' }],
    ['TagNotFound', { tag: 'nope' }],
    ['CommitNotFound', { commit: 'd'.repeat(40) }],
    ['StageNotFound', { stage: 'qa', branch: 'main' }],
    ['AppNotFound', { app: 'nope', branch: 'main' }],
  ])('throws %s', async (code, more) => {
    const { ask } = await deployed();
    await expect(ask({ ...DEV, ...more })).rejects.toMatchObject({ code });
  });
});
