import { doctor } from '../../../lambdas/trigger/doctor';
import { codeCommitDiagnose } from '../../../lib/aws/source/codecommit-diagnose';
import { buildMachine } from '../../../lib/core/contracts/build-machine';
import type { BuildQuota } from '../../../lib/core/contracts/build-quota';
import { fail, ok } from '../../../lib/core/contracts/diagnosis';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { memoryBuildQuotas } from '../../../lib/memory/memory-build-quotas';
import { memoryCodeStorages } from '../../../lib/memory/memory-code-storages';
import { memoryKnownRepositories } from '../../../lib/memory/memory-known-repositories';
import { memoryReleases } from '../../../lib/memory/memory-releases';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { memorySource } from '../../../lib/memory/memory-source';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';

describe('doctor', () => {
  const apps = memoryApps([anApp()]);
  const platformAccount = '999988887777';
  const code = { used: 0, limit: 75 * 1024 ** 3 };
  const account = { read: async () => ({ concurrent: 1_000, unreserved: 1_000, code }) };
  const storages = memoryCodeStorages();
  const machine = { ...buildMachine({ compute: 'medium', docker: false }), variables: [] };
  const states = memoryServiceStates();
  const identity = { source: { repositoryId: async () => '1' }, knownRepositories: memoryKnownRepositories() };
  const releases = memoryReleases();
  const name = 'Concurrently running builds for Linux/Medium environment';
  const withQuota = (value: number, ...more: readonly BuildQuota[]) =>
    memoryBuildQuotas({ 'seedbed-shop_dev': machine, 'seedbed-shop_prod': machine }, [
      { name, code: 'L-1', value },
      ...more,
    ]);

  it.each([
    ['the first contact found', undefined, '7', 'the one that was found there first'],
    ['seedbed.yml names', '7', '1', 'seedbed.yml'],
  ])('says that the repository is not the one that %s', async (_, repositoryId, knownId, whose) => {
    const knownRepositories = memoryKnownRepositories();
    const { repository } = anApp();
    await knownRepositories.learn('shop', { repository, id: knownId, at: '2026-01-01T00:00:00.000Z' });
    const run = doctor({
      ...identity,
      knownRepositories,
      platformAccount,
      apps: memoryApps([anApp({ ...(repositoryId !== undefined && { repositoryId }) })]),
      diagnose: async () => [],
      buildQuotas: withQuota(20),
      account,
      storages,
      states,
      releases,
    });
    const found = (await run({ app: 'shop' })).findings.filter(({ check }) => check === 'repository');
    expect(found).toEqual([fail('repository', expect.stringMatching(`its id is 1, and that of ${whose}.* is 7`))]);
  });

  it('looks at the app that is named, and at what it is built on', async () => {
    const diagnose = async ({ app }: { app: string }) => [ok('repository', `looked at ${app}`)];
    const run = doctor({
      ...identity,
      platformAccount,
      apps,
      diagnose,
      buildQuotas: withQuota(20),
      account,
      storages,
      states,
      releases,
    });
    expect(await run({ app: 'shop' })).toEqual({
      app: 'shop',
      repository: { provider: 'codecommit', name: 'shop' },
      findings: [
        { check: 'repository', level: 'ok', message: 'looked at shop' },
        {
          check: 'builds',
          level: 'ok',
          message: 'the account may run 20 builds at once on Linux/Medium (stages dev, prod)',
        },
        {
          check: 'lambda',
          level: 'ok',
          message: expect.stringMatching(/may run 1000 functions at once; a release takes/),
        },
        {
          check: 'lambda',
          level: 'ok',
          message: expect.stringContaining("of the code storage of the platform's account"),
        },
      ],
    });
  });

  it('finds that no build can start, whatever is wrong with the repository', async () => {
    const run = doctor({
      ...identity,
      platformAccount,
      apps,
      diagnose: async () => [fail('secret', 'it is missing')],
      buildQuotas: withQuota(0),
      account,
      storages,
      states,
      releases,
    });
    const { findings } = await run({ app: 'shop' });
    expect(findings.map(({ check, level }) => [check, level])).toEqual([
      ['secret', 'fail'],
      ['builds', 'fail'],
      ['lambda', 'ok'],
      ['lambda', 'ok'],
    ]);
  });

  it('looks at the architecture that deployed functions have, too', async () => {
    const deployed = memoryServiceStates();
    await deployed.endService(
      aRelease({ stage: 'prod' }),
      { status: 'deployed', architecture: 'arm64' },
      { path: 'api', status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
    );
    const arm = { name: 'Concurrently running builds for ARM/Medium environment', code: 'L-3', value: 1 };
    const run = doctor({
      ...identity,
      platformAccount,
      apps,
      diagnose: async () => [],
      buildQuotas: withQuota(20, arm),
      account,
      storages,
      states: deployed,
      releases,
    });
    const { findings } = await run({ app: 'shop' });
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('Linux/Medium (stages dev, prod)'),
      expect.stringContaining('one build at a time on ARM/Medium (stage prod)'),
      expect.stringContaining('a release of all of stage prod (1 service) takes up to 6'),
      expect.stringContaining('code storage'),
    ]);
  });

  it('warns of previews beside the platform, where whoever may push deploys what he likes', async () => {
    const pullRequests = { template: 'dev', into: ['main'], emptyBuckets: false };
    const run = doctor({
      ...identity,
      platformAccount: anApp().stages.dev!.target.account,
      apps: memoryApps([anApp({ pullRequests })]),
      diagnose: async () => [],
      buildQuotas: withQuota(20),
      account,
      storages,
      states,
      releases,
    });
    const { findings } = await run({ app: 'shop' });
    expect(findings[0]).toEqual({
      check: 'rules',
      level: 'warn',
      message: expect.stringMatching(/^apps\.shop\.pullRequests: .* with the platform itself and stages shop\/dev/),
      fix: expect.stringContaining('a target in another account'),
    });
  });

  it('names the apps that there are if there is none of that name', async () => {
    const run = doctor({
      ...identity,
      platformAccount,
      apps,
      diagnose: async () => [],
      buildQuotas: withQuota(20),
      account,
      storages,
      states,
      releases,
    });
    await expect(run({ app: 'shoe' })).rejects.toMatchObject({
      code: 'AppNotFound',
      message: expect.stringContaining('shop'),
    });
  });
});

describe('the diagnosis of an app on CodeCommit', () => {
  const diagnose = (branches: Record<string, string>, name = 'shop') =>
    codeCommitDiagnose(memorySource({ [name]: { branches, commits: {} } }), anApp());

  it('finds repository and branches', async () => {
    expect(await diagnose({ main: 'c' })).toEqual([
      { check: 'repository', level: 'ok', message: '"shop" can be read' },
      { check: 'branches', level: 'ok', message: 'there are main' },
    ]);
  });

  it('names branches that are missing', async () => {
    const findings = await diagnose({ trunk: 'c' });
    expect(findings.filter(({ level }) => level === 'warn')).toHaveLength(2); // dev and prod deploy main
  });

  it('says that the repository is not there', async () => {
    expect(await diagnose({}, 'other')).toMatchObject([{ check: 'repository', level: 'fail' }]);
  });
});
