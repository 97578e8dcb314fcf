import { generateKeyPairSync } from 'node:crypto';
import type { GitHubSecret } from '../../lib/core/contracts/github-secret';
import { gitHubClients } from '../../lib/github/client';
import { RIGHTS } from '../../lib/github/credentials';
import { gitHubNotices } from '../../lib/github/github-notices';
import type { RepositoryNotices } from '../../lib/ports/repository-notices';
import { aPullRequestRelease, noticeWorld } from '../lambdas/record/notify/notice-world';
import { PATIENCE } from './a-cloud';
import { type AGitHub, aGitHub, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const SHOP = { provider: 'github', name: 'acme/shop' } as const;
const webhookSecrets = ['0123456789abcdef'];

/** The adapter as it runs in the worker, with the rights that the platform asks for and no others. */
describe.each<[string, GitHubSecret]>([
  ['an App', { app: { id: '42', privateKey }, webhookSecrets }],
  ['a token', { token: 'a-token', webhookSecrets }],
])('what GitHub shows of releases, told with %s', (_, secret) => {
  let at: AGitHub;
  let host: RepositoryNotices;
  let commit: string;

  beforeAll(async () => {
    at = await aGitHub();
    const clone = await aRepository(at, SHOP.name);
    await clone.commit('first', { 'seed.yml': '' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    await clone.git('checkout', '--quiet', '-b', 'topic');
    commit = await clone.commit('second', { 'orders/list.js': '' });
    await clone.git('push', '--quiet', 'origin', 'topic');
    // Number 12 is what the releases here are of.
    for (let number = 1; number <= 12; number += 1) {
      await at.ada.openPullRequest(SHOP.name, { title: `${number}`, head: 'topic', base: 'main' });
      if (number < 12) await at.ada.closePullRequest(SHOP.name, number);
    }
    const permissions = { metadata: 'read', ...RIGHTS.report } as const;
    await at.ada.control({
      tokens: [{ token: 'a-token', login: 'robot', permissions, repositories: [SHOP.name] }],
      apps: [{ id: 42, publicKey, permissions, installations: [{ account: 'acme' }] }],
    });
    const access = { apiUrl: at.apiUrl, secret: 'seedbed/github' };
    host = gitHubNotices(gitHubClients(access, async () => secret, { second: 10 }));
  });
  afterAll(() => at.stop());

  const statuses = async () =>
    (await at.ada.statuses(SHOP.name, commit)).filter(({ context }) => context === 'seedbed/pr-12');

  /** @returns how many calls about the repository it takes; an App's own for its token come on top, once an hour */
  async function callsOf(act: () => Promise<void>): Promise<number> {
    await at.ada.forgetCalls();
    await act();
    const calls = (await at.ada.calls()).filter(({ route }) => /statuses|deployments|comments/.test(route));
    return calls.reduce((sum, { count }) => sum + count, 0);
  }

  it('is a status, a deployment and a comment, kept up to date with few calls until the stage is removed', async () => {
    const world = noticeWorld({ wrap: () => host });
    const release = aPullRequestRelease(1, { commit });
    await world.make();
    await world.accept(release);
    await world.run(release);
    expect(await callsOf(() => world.tell(release))).toBe(5);
    expect(await statuses()).toMatchObject([{ context: 'seedbed/pr-12', state: 'pending', description: 'releasing…' }]);
    const deployments = await at.ada.deployments(SHOP.name);
    const deployment = deployments.find(({ environment }) => environment === 'pr-12');
    expect(deployment).toMatchObject({ sha: commit, environment: 'pr-12' });
    expect(await at.ada.deploymentStatuses(SHOP.name, deployment!.id)).toMatchObject([{ state: 'in_progress' }]);

    await world.plan(release);
    await world.deploy(release, { outputs: { ServiceEndpoint: 'https://api.example.com/dev' } });
    await world.end(release);
    expect(await callsOf(() => world.tell(release))).toBe(3);
    expect(await callsOf(() => world.tell(release))).toBe(0);
    expect(await statuses()).toMatchObject([
      { state: 'success', description: '1 deployed (1 direct), 1 unchanged, 41.0 s' },
      { state: 'pending' },
    ]);
    expect(await at.ada.deploymentStatuses(SHOP.name, deployment!.id)).toMatchObject([
      {
        state: 'success',
        environment_url: 'https://api.example.com/dev',
        log_url: expect.stringContaining('/states/'),
      },
      { state: 'in_progress' },
    ]);
    const comments = await at.ada.comments(SHOP.name, 12);
    expect(comments).toEqual([expect.stringContaining('`ServiceEndpoint` | <https://api.example.com/dev>')]);

    const removal = aPullRequestRelease(2, { commit, remove: { emptyBuckets: true } });
    await world.accept(removal);
    await world.run(removal);
    await world.end(removal);
    await world.stages.forget(removal);
    await world.tell(removal);
    expect((await at.ada.deploymentStatuses(SHOP.name, deployment!.id))[0]).toMatchObject({ state: 'inactive' });
    expect(await at.ada.comments(SHOP.name, 12)).toEqual([expect.stringContaining('is removed')]);
  });

  it('finds the deployment of a release, and no other', async () => {
    const wanted = { commit, environment: 'dev', release: 'one' };
    expect(await host.findDeployment(SHOP, wanted)).toBeUndefined();
    const more = { description: 'x', isTransient: false, isProduction: false };
    const id = await host.createDeployment(SHOP, { ...wanted, ...more });
    expect(await host.findDeployment(SHOP, wanted)).toBe(id);
    expect(await host.findDeployment(SHOP, { ...wanted, release: 'two' })).toBeUndefined();
  });

  it('says that a comment is gone', async () => {
    expect(await host.changeComment(SHOP, 99_999, 'x')).toBe(false);
  });

  it('says of a commit that a force push removed that it is not found', async () => {
    const status = { commit: '1'.repeat(40), context: 'seedbed/dev', state: 'pending', description: 'x' } as const;
    await expect(host.setCommitStatus(SHOP, status)).rejects.toMatchObject({ code: 'CommitNotFound' });
  });

  it('leaves it for later when GitHub is down', async () => {
    await at.ada.control({ faults: { outage: { status: 503, of: 'api', calls: 3 } } });
    const status = { commit, context: 'seedbed/dev', state: 'pending', description: 'x' } as const;
    await expect(host.setCommitStatus(SHOP, status)).rejects.toMatchObject({ code: 'SourceUnavailable' });
    await at.ada.control({ clear: true });
    await host.setCommitStatus(SHOP, status);
  });
});
