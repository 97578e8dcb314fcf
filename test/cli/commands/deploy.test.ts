import { registerDeploy } from '../../../lib/cli/commands/deploy';
import type { Release } from '../../../lib/core/contracts/release';
import type { Plan, ReleaseRecord } from '../../../lib/core/contracts/state';
import { COMMIT } from '../../builders';
import { anApp } from '../../memory-platform';
import { aWorld, IDS } from '../a-world';

const PROD = ['--app', 'shop', '--stage', 'prod'];

describe('seedbed deploy', () => {
  it('releases the head of the stage’s branch and follows it to its end', async () => {
    const { call, asked } = aWorld(registerDeploy);
    const { status, out, err } = await call('deploy', ...PROD);
    expect(status).toBe(0);
    expect(err).toBe('branch "main", which deploys to stage "prod"\n');
    expect(out).toMatch(/^release 01K\w+F {2}shop → prod.*\n(.*\n)*release succeeded/);
    expect(asked).toMatchObject([
      { worker: 'start', input: { app: 'shop', stage: 'prod', branch: 'main', force: false } },
    ]);
  });

  it('prints only JSON with --json', async () => {
    const { json } = aWorld(registerDeploy);
    expect(await json('deploy', ...PROD)).toMatchObject({ releaseId: IDS[5], status: 'succeeded', services: [] });
  });

  it('hands on commit, services and force', async () => {
    const { call, asked } = aWorld(registerDeploy);
    const commit = 'a'.repeat(40);
    await call('deploy', ...PROD, '--commit', commit, '--service', 'a/', 'b', '--force', '--no-follow');
    expect(asked).toMatchObject([{ input: { commit, services: ['a', 'b'], force: true } }]);
  });

  it('tells the release and goes with --no-follow', async () => {
    const { call, json } = aWorld(registerDeploy);
    const { out } = await call('deploy', ...PROD, '--no-follow');
    expect(out).toBe(`release ${IDS[5]} of "shop" to "prod": running\n`);
    expect(await aWorld(registerDeploy).json('deploy', ...PROD, '--no-follow')).toEqual({
      releaseId: IDS[5],
      status: 'running',
    });
    expect(json).toBeDefined();
  });

  it('deploys the branch of a made stage', async () => {
    const { call, asked, platform } = aWorld(registerDeploy);
    const origin = { kind: 'pull-request', number: 12, branch: 'topic/x' } as const;
    await platform.stages.make({ app: 'shop', stage: 'pr-12', template: 'dev', origin, madeAt: '2026' });
    await call('deploy', '--app', 'shop', '--stage', 'pr-12');
    expect(asked).toMatchObject([{ input: { stage: 'pr-12', branch: 'topic/x' } }]);
  });

  it('ends with 1 if the release did not succeed', async () => {
    const { call, platform, release } = aWorld(registerDeploy);
    const error = { code: 'NoServiceFound', message: 'no service found' };
    platform.workers.startRelease = async () => {
      await release({ stage: 'prod', id: IDS[5] }, { status: 'failed', error });
      return { releaseId: IDS[5]!, status: 'running' };
    };
    const { status, out } = await call('deploy', ...PROD);
    expect(status).toBe(1);
    expect(out).toMatch(/release failed.*\n.*no service found/);
  });

  it('shows nothing of a repository as an escape sequence', async () => {
    const { call, platform, release } = aWorld(registerDeploy);
    platform.workers.startRelease = async () => {
      const error = { code: 'BuildFailed', message: '\u001b[2J\u001b]0;owned\u0007bad\u009b1m' };
      await release({ stage: 'prod', id: IDS[5], branch: 'x\u001b[31m' }, { status: 'failed', error });
      return { releaseId: IDS[5]!, status: 'running' };
    };
    const { out } = await call('deploy', ...PROD);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('bad');
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown app', ['--app', 'shp', '--stage', 'dev'], 1, /there is no app "shp"; did you mean "shop"\?/],
    [
      'an unknown stage',
      ['--app', 'shop', '--stage', 'prd'],
      1,
      /app "shop" has no stage "prd"; did you mean "prod"\?/,
    ],
    ['no stage where there are several', ['--app', 'shop'], 2, /name the stage of "shop" with --stage: dev, prod/],
    [
      'a part of a hash',
      [...PROD, '--commit', 'abc123'],
      2,
      /--commit: no commit that is known here begins with "abc123": .*write all 40 digits/,
    ],
    ['what is no hash', [...PROD, '--commit', 'HEAD~1'], 2, /--commit: "HEAD~1" is not the hash of a commit/],
    [
      'what failed, of another commit',
      [...PROD, '--failed', '--tag', 'v1'],
      2,
      /--failed says what to release; leave --tag/,
    ],
    ['a tag and a branch', [...PROD, '--tag', 'v1', '--branch', 'main'], 2, /--tag names a commit already/],
    [
      'a service outside of the repository',
      [...PROD, '--service', '../x'],
      2,
      /--service: "\.\.\/x" is not a directory/,
    ],
    ['an app that cannot be one', ['--app', 'Shop'], 2, /--app: "Shop": use lower-case letters/],
    ['an unknown option', ['--frce'], 2, /unknown option '--frce'/],
  ])('ends with its exit code for %s, and starts nothing', async (_, args, exit, message) => {
    const { call, asked } = aWorld(registerDeploy);
    const { status, out, err } = await call('deploy', ...args);
    expect({ status, out }).toEqual({ status: exit, out: '' });
    expect(err).toMatch(message);
    expect(asked).toEqual([]);
  });

  it('takes the beginning of a hash that was released to the stage', async () => {
    const { call, asked, release } = aWorld(registerDeploy);
    const commit = 'abc1234'.padEnd(40, '0');
    await release({ stage: 'prod', commit });
    await call('deploy', ...PROD, '--commit', 'ABC1234');
    expect(asked).toMatchObject([{ input: { commit } }]);

    await release({ stage: 'prod', id: IDS[1], commit: 'abc1235'.padEnd(40, '0') });
    const { status, err } = await call('deploy', ...PROD, '--commit', 'abc123');
    expect(status).toBe(2);
    expect(err).toMatch(/several commits begin with "abc123": abc123\w+, abc123\w+\n/);
  });

  describe('again', () => {
    const service = (path: string) => ({ path, reasons: [] });
    const plan: Plan = { phases: [[service('api'), service('web')], [service('mail')]], skip: [service('docs')] };

    it('releases what failed and what was not come to, at the commit of the release', async () => {
      const { call, asked, release, deployed } = aWorld(registerDeploy);
      const failed = await release(
        { stage: 'prod', commit: 'c'.repeat(40), branch: 'next' },
        { status: 'failed', plan },
      );
      await deployed(failed, 'api');
      await deployed(failed, 'web', { status: 'failed' });
      await call('deploy', ...PROD, '--failed', '--no-follow');
      await call('deploy', ...PROD, '--failed', failed.id.slice(-8), '--no-follow');
      const input = { commit: 'c'.repeat(40), branch: 'next', services: ['web', 'mail'], force: false };
      expect(asked[0]).toMatchObject({ input });
      expect(asked[1]).toMatchObject({ input });
    });

    it('releases all that changed where the release had no plan yet', async () => {
      const { call, asked, release } = aWorld(registerDeploy);
      await release({ stage: 'prod' }, { status: 'failed' });
      await call('deploy', ...PROD, '--failed', '--no-follow');
      expect(asked).toMatchObject([{ input: { commit: COMMIT } }]);
      expect(asked).not.toHaveProperty('0.input.services', expect.anything());
    });

    it.each<[string, Partial<Release>, Partial<ReleaseRecord>, RegExp]>([
      ['goes on', {}, { status: 'running' }, /is running still; see it with: seedbed status/],
      ['succeeded', {}, { plan }, /has no service that failed/],
      ['is a rollback', { rollback: { to: IDS[1]! } }, { status: 'failed' }, /is a rollback; go back again with/],
      [
        'is a removal',
        { remove: { emptyBuckets: false } },
        { status: 'failed' },
        /is a removal; remove the stage again/,
      ],
    ])('refuses a release that %s', async (_, more, end, message) => {
      const { call, asked, release, deployed } = aWorld(registerDeploy);
      const one = await release({ stage: 'prod', ...more }, end);
      for (const path of ['api', 'web', 'mail']) if (end.plan) await deployed(one, path);
      const { status, err } = await call('deploy', ...PROD, '--failed');
      expect({ status, asked }).toEqual({ status: 1, asked: [] });
      expect(err).toMatch(message);
    });
  });

  it('asks for a branch where a stage deploys several, or none', async () => {
    const { dev } = anApp().stages;
    const stages = { dev: { ...dev!, branches: ['main', 'next', 'topic/*'] }, hand: { ...dev!, branches: [] } };
    const { call } = aWorld(registerDeploy, { apps: [anApp({ stages })] });
    expect((await call('deploy', '--stage', 'dev')).err).toMatch(
      /several branches deploy to stage "dev": main, next; say what to release/,
    );
    expect((await call('deploy', '--stage', 'hand')).err).toMatch(
      /no single branch deploys to stage "hand"; say what to release with --branch/,
    );
  });

  it('says how to connect an app where there is none', async () => {
    const { call } = aWorld(registerDeploy, { apps: [] });
    expect((await call('deploy')).err).toMatch(/no app is connected yet; .* seedbed app add/);
  });
});
