import { registerPlan } from '../../../lib/cli/commands/plan';
import { COMMIT } from '../../builders';
import { aWorld } from '../a-world';

const DEV = ['--app', 'shop', '--stage', 'prod'];
const PLAN = {
  phases: [
    [{ path: 'api', reasons: [{ code: 'files-changed' as const, message: '1 file of the service changed: a.js' }] }],
    [{ path: 'web', reasons: [{ code: 'forced' as const, message: 'it was forced' }] }],
  ],
  skip: [{ path: 'docs', reasons: [{ code: 'unchanged' as const, message: 'nothing changed' }] }],
};

describe('seedbed plan against a stage', () => {
  it('tells what a release of the stage’s branch would do now, and why', async () => {
    const { call, plan, asked } = aWorld(registerPlan);
    plan.current = PLAN;
    const { status, out, err } = await call('plan', ...DEV);
    expect({ status, err }).toEqual({ status: 0, err: 'branch "main", which deploys to stage "prod"\n' });
    expect(out).toBe(
      [
        'shop → prod  commit bbbbbbb: 2 of 3 services, in 2 phases',
        'deploy  api   1 file of the service changed: a.js',
        'deploy  web   it was forced',
        'skip    docs  nothing changed',
        '',
      ].join('\n'),
    );
    expect(asked).toEqual([
      { worker: 'preview', input: { app: 'shop', stage: 'prod', branch: 'main', services: undefined, force: false } },
    ]);
  });

  it('prints JSON, of the commit, branch, tag and services that are named', async () => {
    const { json, plan, asked } = aWorld(registerPlan);
    plan.current = PLAN;
    expect(await json('plan', ...DEV, '--tag', 'v1', '--service', 'api', '--force')).toMatchObject({
      app: 'shop',
      stage: 'prod',
      commit: COMMIT,
      phases: 2,
      deploy: [{ path: 'api' }, { path: 'web' }],
      skip: [{ path: 'docs' }],
    });
    expect(asked).toMatchObject([{ input: { tag: 'v1', services: ['api'], force: true } }]);
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown stage', ['--app', 'shop', '--stage', 'pord'], 1, /no stage "pord"; did you mean "prod"\?/],
    [
      'both ways at once',
      [...DEV, '--services', 'a'],
      2,
      /--services asks no platform, --app does; leave one of the two out/,
    ],
    ['a service that is none', [...DEV, '--service', '/x'], 2, /--service: "\/x" is not a directory/],
  ])('ends with its exit code for %s', async (_, args, exit, message) => {
    const { status, err } = await aWorld(registerPlan).call('plan', ...args);
    expect(err).toMatch(message);
    expect(status).toBe(exit);
  });
});
