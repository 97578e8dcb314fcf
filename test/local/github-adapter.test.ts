import { generateKeyPairSync } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitHubSecret } from '../../lib/core/contracts/github-secret';
import { gitHubClients } from '../../lib/github/client';
import { gitHubSource } from '../../lib/github/github-source';
import type { Source } from '../../lib/ports/source';
import { PATIENCE, run } from './a-cloud';
import { type AClone, type AGitHub, aClone, aGitHub, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const NEVER = '1'.repeat(40);
const PERMISSIONS = { contents: 'read', pull_requests: 'write', statuses: 'write', deployments: 'write' } as const;

/** The adapter for GitHub as it runs in the workers, with the two ways in that it has. */
describe.each(['an App', 'a token'])('the source adapter at the double of GitHub, with %s', (how) => {
  let at: AGitHub;
  let source: Source;
  let shop: AClone;
  let first: string;
  let head: string;
  const SHOP = { provider: 'github', name: 'acme/shop' } as const;
  const app = (more = {}) => ({
    id: 42,
    publicKey,
    permissions: PERMISSIONS,
    installations: [{ account: 'acme', ...more }],
  });
  const fresh = () => {
    const webhookSecrets = ['0123456789abcdef'];
    const secret: GitHubSecret =
      how === 'an App' ? { app: { id: '42', privateKey }, webhookSecrets } : { token: 'pat', webhookSecrets };
    const access = { apiUrl: at.apiUrl, secret: 'seedbed/github' };
    return gitHubSource(gitHubClients(access, async () => secret, { second: 1 }));
  };

  beforeAll(async () => {
    at = await aGitHub();
    shop = await aRepository(at, 'acme/shop', { private: true });
    const files = Object.fromEntries(['a', 'b', 'c'].map((name) => [`services/${name}/index.ts`, name]));
    await symlink('services/a/index.ts', join(shop.directory, 'link'));
    first = await shop.commit('first', { ...files, 'README.md': 'read\n' });
    head = await shop.commit('second\n\nbody', { 'services/b/index.ts': 'better', 'services/d/new.ts': 'd' });
    await shop.git('-c', 'user.name=Ada', '-c', 'user.email=a@example.com', 'tag', '-a', 'v1', '-m', 'one', first);
    await shop.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:feature/x', 'v1');
  });
  beforeEach(async () => {
    await at.ada.control({
      clear: true,
      apps: [app()],
      tokens: [{ token: 'pat', login: 'seedbed', permissions: PERMISSIONS, repositories: ['acme/shop'] }],
    });
    source = fresh();
  });
  afterAll(() => at.stop());

  it('finds heads of branches and tags', async () => {
    expect(await source.head(SHOP, { branch: 'main' })).toEqual({ commit: head, message: 'second\n\nbody' });
    expect(await source.head(SHOP, { branch: 'feature/x' })).toMatchObject({ commit: head });
    const annotated = { commit: first, message: 'first', object: expect.not.stringContaining(first) };
    expect(await source.head(SHOP, { tag: 'v1' })).toEqual(annotated);
    expect(await source.head(SHOP, { branch: 'none' })).toBeUndefined();
    expect(await source.head(SHOP, { tag: 'none' })).toBeUndefined();
    const branches = await source.branches(SHOP);
    expect([branches.get('feature/x'), branches.get('main'), branches.get('none')]).toEqual([head, head, undefined]);
  });

  it('compares trees, also those that GitHub truncates', async () => {
    const changed = ['services/b/index.ts', 'services/d/new.ts'];
    expect((await source.changedFiles(SHOP, first, head)).toString()).toBe(changed.toString());
    const files = ['README.md', 'link', 'services/a/index.ts', 'services/b/index.ts', 'services/c/index.ts'];
    expect([...(await source.listFiles(SHOP, first))].sort()).toEqual(files);
    await at.ada.control({ limits: { treeEntries: 2 } });
    const again = fresh();
    expect([...(await again.changedFiles(SHOP, first, head))].sort()).toEqual(changed);
    expect([...(await again.listFiles(SHOP, first))].sort()).toEqual(files);
    expect(await source.changedFiles(SHOP, NEVER, head)).toBe('unknown');
    await expect(source.listFiles(SHOP, NEVER)).rejects.toMatchObject({ code: 'CommitNotFound' });
  });

  it('reads files, but not through links', async () => {
    expect(await source.readFile(SHOP, head, 'services/b/index.ts')).toBe('better');
    expect(await source.readFile(SHOP, head, 'none')).toBeUndefined();
    expect(await source.readFile(SHOP, head, 'link')).toBeUndefined();
    expect(await source.readFile(SHOP, head, 'services')).toBeUndefined();
  });

  it('clones with a token that can do nothing else', async () => {
    const url = new URL(await source.cloneUrl(SHOP));
    const { token, until } = (await source.cloneToken(SHOP)) ?? { token: '', until: '' };
    expect(Date.parse(until)).toBeGreaterThan(Date.now());
    Object.assign(url, { username: 'x-access-token', password: token });
    expect((await run('git', ['ls-remote', url.toString(), 'refs/heads/main'])).stdout).toContain(head);
    const clone = await aClone(at, 'acme/shop', token);
    await clone.commit('mine');
    await expect(clone.git('push', '--quiet', 'origin', 'HEAD:main')).rejects.toThrow('403');
  });

  it('reads pull requests, and whether they come from forks', async () => {
    const { number } = await at.ada.openPullRequest('acme/shop', await aBranch('mine'));
    const pull = await source.pullRequest(SHOP, number);
    expect(pull).toMatchObject({ number, state: 'open', into: 'main', branch: 'mine', isFork: false });
    expect(pull?.head.message).toBe('mine');
    await at.ada.rest('POST', '/repos/acme/shop/forks', { organization: 'bob' });
    const fork = await aClone(at, 'bob/shop');
    await fork.commit('theirs');
    await fork.git('push', '--quiet', 'origin', 'HEAD:theirs');
    const theirs = await at.ada.openPullRequest('acme/shop', { title: 'x', head: 'bob:theirs', base: 'main' });
    expect(await source.pullRequest(SHOP, theirs.number)).toMatchObject({ isFork: true });
    await at.ada.rest('DELETE', '/repos/bob/shop');
    expect(await source.pullRequest(SHOP, theirs.number)).toMatchObject({ isFork: true });
    expect(await source.openPullRequests(SHOP)).toMatchObject([
      { number: theirs.number, isFork: true },
      { number, isFork: false },
    ]);
    await at.ada.closePullRequest('acme/shop', number);
    await at.ada.closePullRequest('acme/shop', theirs.number);
    expect(await source.openPullRequests(SHOP)).toEqual([]);
    expect(await source.pullRequest(SHOP, 999)).toBeUndefined();
  });

  const aBranch = async (branch: string) => {
    await shop.commit(branch);
    await shop.git('push', '--quiet', 'origin', `HEAD:${branch}`);
    await shop.git('reset', '--quiet', '--hard', head);
    return { title: branch, head: branch, base: 'main' };
  };

  it('follows a repository that was renamed', async () => {
    const other = { provider: 'github', name: 'acme/before' } as const;
    const clone = await aRepository(at, other.name, { private: true });
    const commit = await clone.commit('one', { a: '1' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    await at.ada.control({ tokens: [{ token: 'pat', login: 'seedbed', permissions: PERMISSIONS }] });
    await at.call('PATCH', '/repos/acme/before', { body: { name: 'after' } });
    expect(await source.head(other, { branch: 'main' })).toMatchObject({ commit });
    expect(await source.readFile(other, commit, 'a')).toBe('1');
    await at.call('DELETE', '/repos/acme/after');
    await expect(fresh().head(other, { branch: 'main' })).rejects.toMatchObject({ code: 'RepositoryNotFound' });
  });

  it('says that access was taken away', async () => {
    await at.ada.control({ removeApps: [42], revoke: ['pat'] });
    await expect(source.head(SHOP, { branch: 'main' })).rejects.toMatchObject({ code: 'SourceAccessDenied' });
  });

  it('waits for GitHub only for a moment: trying later is up to the release', async () => {
    await at.ada.control({ faults: { outage: { status: 502, calls: 1 } } });
    expect(await source.head(SHOP, { branch: 'main' })).toMatchObject({ commit: head });
    await at.ada.control({ faults: { outage: { status: 503 } } });
    await expect(source.head(SHOP, { branch: 'main' })).rejects.toMatchObject({ code: 'SourceUnavailable' });
    const until = Math.floor(Date.now() / 1000) + 1000;
    await at.ada.control({ clear: true, faults: { rateLimit: { until } } });
    await expect(source.head(SHOP, { branch: 'main' })).rejects.toMatchObject({
      code: 'SourceUnavailable',
      message: expect.stringContaining(new Date(until * 1000).toISOString()),
    });
    await at.ada.control({ clear: true, faults: { secondaryLimit: { retryAfter: 1000 } } });
    await expect(source.head(SHOP, { branch: 'main' })).rejects.toMatchObject({ code: 'SourceUnavailable' });
  });
});
