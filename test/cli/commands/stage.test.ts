import { registerStage } from '../../../lib/cli/commands/stage';
import { registerStatus } from '../../../lib/cli/commands/status';
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

describe('seedbed stage hold and resume', () => {
  const IN = ['--app', 'shop', '--stage', 'dev'];
  const held = async () => {
    const world = aWorld((program, outside) => {
      registerStage(program, outside);
      registerStatus(program, outside);
    });
    await world.deployed(await world.release({ id: IDS[0], stage: 'dev' }), 'api');
    return world;
  };

  it('say what is held, as the status does, until it is no longer', async () => {
    const { call, json, asked } = await held();
    expect(await call('stage', 'hold', ...IN, '--service', 'api', '--why', 'waits for the table')).toMatchObject({
      status: 0,
      out: 'held: api\n',
    });
    expect(asked).toMatchObject([{ worker: 'hold', input: { service: 'api', why: 'waits for the table' } }]);
    const { out } = await call('status', ...IN);
    expect(out).toMatch(
      /\napi {2}held since \S+ \S+ UTC: waits for the table\nWhat is held stays as it is until a push/,
    );
    expect((await call('status', '--app', 'shop')).out).toContain('1 deployed, 1 held');
    expect(await json('status', ...IN)).toMatchObject({ services: [{ held: { why: 'waits for the table' } }] });
    expect((await call('stage', 'resume', ...IN)).out).toMatch(
      /^no longer held: api \(waits for the table\)\nthe next push releases/,
    );
    expect((await call('status', ...IN)).out).not.toContain('held');
    expect((await call('stage', 'resume', ...IN)).out).toBe('nothing was held\n');
  });

  it('need to be told why', async () => {
    const { call } = await held();
    expect(await call('stage', 'hold', ...IN)).toMatchObject({ status: 2, err: expect.stringContaining('--why') });
    const empty = await call('stage', 'hold', ...IN, '--why', ' ');
    expect(empty).toMatchObject({
      status: 2,
      err: expect.stringContaining('--why: it is empty; say in a sentence why'),
    });
  });
});
