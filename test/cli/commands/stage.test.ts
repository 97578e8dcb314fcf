import { registerStage } from '../../../lib/cli/commands/stage';
import { anApp } from '../../memory-platform';
import { aWorld, IDS } from '../a-world';

const RULES = { pullRequests: { template: 'dev', into: ['main'], emptyBuckets: true } };
const pr = (number: number) => ({ kind: 'pull-request', number, branch: 'topic/x' }) as const;

async function some() {
  const world = aWorld(registerStage, { apps: [anApp(RULES)] });
  const { platform, release, deployed } = world;
  await platform.stages.make({ app: 'shop', stage: 'pr-12', template: 'dev', origin: pr(12), madeAt: '2026-01-01' });
  const branch = { kind: 'branch', branch: 'feature/a' } as const;
  await platform.stages.make({
    app: 'shop',
    stage: 'feature-a',
    template: 'dev',
    origin: branch,
    madeAt: '2026-01-01',
  });
  const one = await release({ id: IDS[0], stage: 'pr-12' });
  await deployed(one, 'api');
  return world;
}

describe('seedbed stage list', () => {
  it('shows configured and made stages, their origin, and orphans with why', async () => {
    const { call } = await some();
    const { status, out } = await call('stage', 'list', '--app', 'shop');
    expect(status).toBe(0);
    expect(out).toMatch(/shop {2}dev +seedbed\.yml\n/);
    expect(out).toMatch(
      /shop {2}pr-12 +pull request #12 \(topic\/x\), like dev +AAAAAAAA succeeded bbbbbbb main +10 min ago +1\n/,
    );
    expect(out).toMatch(/shop {2}feature-a +branch feature\/a, like dev +orphan: seedbed\.yml no longer has a rule/);
  });

  it('prints JSON', async () => {
    const { json } = await some();
    expect(await json('stage', 'list')).toMatchObject([
      { stage: 'dev' },
      { stage: 'prod' },
      { stage: 'feature-a', template: 'dev', orphan: { code: 'rule-gone' } },
      { stage: 'pr-12', origin: { number: 12 }, last: { status: 'succeeded' }, services: [{ path: 'api' }] },
    ]);
  });
});

describe('seedbed stage rm', () => {
  const RM = ['stage', 'rm', 'pr-12', '--app', 'shop'];

  it('removes a stage whose name was typed', async () => {
    const { call, answers, asked } = await some();
    answers.push('pr-12');
    const { status, err, out } = await call(...RM, '--empty-buckets');
    expect(err).toMatch(
      /This deletes the stacks of 1 services of "shop" in "pr-12", with all objects of their buckets: api\n/,
    );
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringMatching(/release succeeded/) });
    expect(asked).toMatchObject([{ worker: 'remove', input: { app: 'shop', stage: 'pr-12', emptyBuckets: true } }]);
  });

  it('does not ask with --yes, and prints JSON', async () => {
    const { json, asked } = await some();
    expect(await json(...RM, '--yes')).toMatchObject({ releaseId: IDS[5], status: 'succeeded' });
    expect(asked).toMatchObject([{ input: { emptyBuckets: undefined } }]);
    expect(await (await some()).json(...RM, '--yes', '--no-follow')).toEqual({ releaseId: IDS[5], status: 'running' });
  });

  it.each<[string, string[], string[], number, RegExp]>([
    ['another name was typed', RM, ['pr-13'], 2, /stage "pr-12" was not removed: that is not its name/],
    ['nobody can be asked', RM, [], 2, /no terminal to confirm the removal of stage "pr-12" on; confirm it with --yes/],
    [
      'there is no such stage',
      ['stage', 'rm', 'pr-21', '--app', 'shop', '--yes'],
      [],
      1,
      /no stage "pr-21"; did you mean "pr-12"\?/,
    ],
    ['no stage is named', ['stage', 'rm'], [], 2, /missing required argument 'stage'/],
  ])('removes nothing if %s', async (_, args, typed, exit, message) => {
    const { call, answers, asked } = await some();
    answers.push(...typed);
    const { status, err } = await call(...args);
    expect(err).toMatch(message);
    expect(status).toBe(exit);
    expect(asked).toEqual([]);
  });
});
