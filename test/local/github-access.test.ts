import { createSign, generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { eventually, PATIENCE, run } from './a-cloud';
import { type AGitHub, aClone, aGitHub, aReceiver, aRepository } from './a-github';

jest.setTimeout(PATIENCE);

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
const keys = pair();
const others = pair();

/** A JSON web token as an app signs it. */
function jwt(claims: Readonly<Record<string, unknown>>, { privateKey } = keys, alg = 'RS256'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

describe('who may do what at the double of GitHub', () => {
  let at: AGitHub;
  let installation: number;
  let head: string;
  const now = () => Math.floor((Date.now() + at.clock.ahead) / 1000);
  const claims = (more = {}) => ({ iat: now() - 60, exp: now() + 300, iss: '7', ...more });
  const app = (more = {}) => ({ id: 7, publicKey: keys.publicKey, permissions: APP, ...more });
  const APP = { contents: 'read', statuses: 'write', metadata: 'read' } as const;
  const installed = (more = {}) => app({ installations: [{ account: 'acme', ...more }] });

  beforeAll(async () => {
    at = await aGitHub();
    for (const repository of ['acme/shop', 'acme/office', 'elsewhere/shop']) {
      const clone = await aRepository(at, repository, { private: true });
      head = await clone.commit('one', { a: '1' });
      await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    }
    await at.ada.createRepository('acme/public');
  });
  beforeEach(async () => {
    at.clock.ahead = 0;
    await at.ada.control({ clear: true, apps: [installed()] });
    const { installations } = await at.ada.control({});
    installation = installations[0]?.id ?? 0;
  });
  afterAll(() => at.stop());

  const octokitOfApp = () =>
    new Octokit({
      baseUrl: at.apiUrl,
      authStrategy: createAppAuth,
      auth: { appId: 7, privateKey: keys.privateKey, installationId: installation },
    });
  const installationToken = async (body: unknown = undefined) =>
    at.call('POST', `/app/installations/${installation}/access_tokens`, { token: jwt(claims()), body });

  it('accepts only registered tokens', async () => {
    expect(await at.call('GET', '/repos/acme/shop', { token: 'guessed' })).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    const expires = now() + 60;
    await at.ada.control({ tokens: [{ token: 'short', login: 'ada', expires }] });
    const user = await at.call('GET', '/user', { token: 'short' });
    expect(user).toMatchObject({ status: 200, body: { login: 'ada' } });
    const until = user.headers.get('github-authentication-token-expiration');
    expect(Date.parse(until ?? '')).toBe(expires * 1000);
    at.clock.ahead = 61_000;
    expect((await at.call('GET', '/repos/acme/shop', { token: 'short' })).status).toBe(401);
    await at.ada.control({ tokens: [{ token: 'stolen', login: 'ada' }], revoke: ['stolen'] });
    expect((await at.call('GET', '/repos/acme/shop', { token: 'stolen' })).status).toBe(401);
  });

  it('shows only public repositories to callers without a token', async () => {
    expect((await at.call('GET', '/repos/acme/public', { token: '' })).status).toBe(200);
    expect((await at.call('GET', '/repos/acme/shop', { token: '' })).status).toBe(404);
    const write = await at.call('POST', '/repos/acme/public/hooks', { token: '', body: {} });
    expect(write).toMatchObject({ status: 401, body: { message: 'Requires authentication' } });
  });

  it('hides private repositories that a token does not reach', async () => {
    await at.ada.control({ tokens: [{ token: 'narrow', login: 'ada', repositories: ['acme/office'] }] });
    expect((await at.call('GET', '/repos/acme/office', { token: 'narrow' })).status).toBe(200);
    expect(await at.call('GET', '/repos/acme/shop', { token: 'narrow' })).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
  });

  it.each([
    ['GET', '/repos/acme/shop/hooks', 'repository_hooks=read'],
    ['POST', '/repos/acme/shop/pulls', 'pull_requests=write'],
    ['POST', '/repos/acme/shop/issues/1/comments', 'issues=write; pull_requests=write'],
    ['GET', '/repos/acme/shop/deployments', 'deployments=read'],
    ['DELETE', '/repos/acme/shop', 'administration=write'],
  ])('refuses %s %s to a token without that right', async (method, path, accepted) => {
    const permissions = { contents: 'write' } as const;
    await at.ada.control({ tokens: [{ token: 'fine', login: 'ada', permissions }] });
    const answer = await at.call(method, path, { token: 'fine', body: method === 'GET' ? undefined : {} });
    expect(answer).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
    expect(answer.headers.get('x-accepted-github-permissions')).toBe(accepted);
  });

  it('lets an app in through the real Octokit, and its installation read what it may', async () => {
    const octokit = octokitOfApp();
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', {
      owner: 'acme',
      repo: 'shop',
      branch: 'main',
    });
    expect(data.name).toBe('main');
    const about = await octokit.request('GET /app');
    expect(about.data).toMatchObject({ id: 7, slug: 'seedbed', permissions: APP });
    const where = await octokit.request('GET /repos/{owner}/{repo}/installation', { owner: 'acme', repo: 'shop' });
    expect(where.data).toMatchObject({ id: installation, account: { login: 'acme' }, repository_selection: 'all' });
    await expect(
      octokit.request('GET /repos/{owner}/{repo}/installation', { owner: 'elsewhere', repo: 'shop' }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      octokit.request('GET /repos/{owner}/{repo}', { owner: 'elsewhere', repo: 'shop' }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      octokit.request('GET /repos/{owner}/{repo}/hooks', { owner: 'acme', repo: 'shop' }),
    ).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
  });

  it('issues tokens for an hour, for chosen repositories and rights', async () => {
    const wide = await installationToken();
    expect(wide).toMatchObject({ status: 201, body: { permissions: APP, repository_selection: 'all' } });
    expect(Date.parse(wide.body.expires_at) - Date.now()).toBeGreaterThan(3_590_000);
    const narrow = await installationToken({ repositories: ['shop'], permissions: { contents: 'read' } });
    expect(narrow.body).toMatchObject({
      permissions: { contents: 'read' },
      repository_selection: 'selected',
      repositories: [{ full_name: 'acme/shop' }],
    });
    const { token } = narrow.body;
    expect((await at.call('GET', '/repos/acme/shop/branches', { token })).status).toBe(200);
    expect((await at.call('GET', '/repos/acme/office/branches', { token })).status).toBe(404);
    const body = { state: 'success' };
    expect((await at.call('POST', `/repos/acme/shop/statuses/${head}`, { token, body })).status).toBe(403);
    at.clock.ahead = 3_601_000;
    expect((await at.call('GET', '/repos/acme/shop/branches', { token })).status).toBe(401);
  });

  it('issues no token for what an installation does not have', async () => {
    const unknown = await installationToken({ repositories: ['none'] });
    expect([unknown.status, unknown.body.message]).toEqual([
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    ]);
    const rights = await installationToken({ permissions: { contents: 'write' } });
    expect([rights.status, rights.body.message]).toEqual([
      422,
      'The permissions requested are not granted to this installation.',
    ]);
    await at.ada.control({ apps: [installed({ repositories: ['acme/office'] })] });
    expect((await installationToken({ repositories: ['shop'] })).status).toBe(422);
  });

  it('refuses the tokens of an app that is suspended or gone', async () => {
    const { token } = (await installationToken()).body;
    const ask = async () => (await at.call('GET', '/repos/acme/shop', { token })).status;
    await at.ada.control({ apps: [installed({ suspended: true })] });
    expect(await ask()).toBe(403);
    expect((await installationToken()).status).toBe(403);
    await at.ada.control({ uninstall: [installation] });
    expect(await ask()).toBe(401);
    expect((await installationToken()).status).toBe(404);
    await at.ada.control({ removeApps: [7] });
    expect(await at.call('GET', '/app', { token: jwt(claims()) })).toMatchObject({
      status: 404,
      body: { message: 'Integration not found' },
    });
  });

  it.each([
    ['another key', () => jwt(claims(), others), 'A JSON web token could not be decoded'],
    ['another algorithm', () => jwt(claims(), keys, 'none'), 'A JSON web token could not be decoded'],
    ['a time that has passed', () => jwt(claims({ exp: now() - 1 })), "'Expiration time' claim ('exp') must be"],
    ['too long a life', () => jwt(claims({ exp: now() + 3600 })), "'Expiration time' claim ('exp') is too far"],
    ['a future birth', () => jwt(claims({ iat: now() + 300 })), "'Issued at' claim ('iat') must be"],
    ['nothing but a token', () => 'ada', 'A JSON web token could not be decoded'],
  ])('refuses an app with %s', async (_, token, message) => {
    const answer = await at.call('GET', '/app', { token: token() });
    expect(answer).toMatchObject({ status: 401, body: { message: expect.stringContaining(message) } });
  });

  it('sends an app the events of its repositories, and shows how its hook is set', async () => {
    const receiver = await aReceiver();
    const webhook = { url: receiver.url, secret: 'hush' };
    await at.ada.control({ apps: [{ ...installed(), webhook, events: ['push'] }] });
    const token = jwt(claims());
    expect((await at.call('GET', '/app/hook/config', { token })).body).toEqual({
      url: receiver.url,
      secret: '********',
      content_type: 'json',
      insecure_ssl: '0',
    });
    for (const repository of ['elsewhere/shop', 'acme/shop']) {
      const clone = await aClone(at, repository);
      await clone.commit('next');
      await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    }
    const [push] = await receiver.arrived(1);
    expect(push?.payload).toMatchObject({
      repository: { full_name: 'acme/shop' },
      installation: { id: installation },
    });
    expect(push?.headers['x-github-hook-installation-target-type']).toBe('integration');
    await at.github.settled();
    expect(receiver.all).toHaveLength(1);
    const [delivery] = (await at.call('GET', '/app/hook/deliveries', { token })).body;
    expect(delivery).toMatchObject({ event: 'push', installation_id: installation, status: 'OK' });
    await receiver.stop();
  });

  describe('git over HTTP', () => {
    const list = (user: string, password: string, repository = 'acme/shop') => {
      const url = new URL(at.ada.gitUrl(repository));
      url.username = user;
      url.password = password;
      return run('git', ['ls-remote', url.toString()], { env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } });
    };

    it('takes an installation’s token as password', async () => {
      const { token } = (await installationToken({ repositories: ['shop'] })).body;
      expect((await list('x-access-token', token)).stdout).toContain('refs/heads/main');
      await expect(list('x-access-token', token, 'acme/office')).rejects.toThrow('not found');
    });

    it('refuses a wrong password', async () => {
      await expect(list('x-access-token', 'guessed')).rejects.toThrow('Authentication failed');
      await expect(list('', '')).rejects.toThrow('could not read Username');
    });

    it('refuses the push of a caller who may only read', async () => {
      const { token } = (await installationToken()).body;
      const clone = await aClone(at, 'acme/shop', token);
      await clone.commit('mine');
      await expect(clone.git('push', '--quiet', 'origin', 'HEAD:main')).rejects.toThrow('403');
    });

    it('refuses to move the references of pull requests', async () => {
      const clone = await aClone(at, 'acme/shop');
      await expect(clone.git('push', '--quiet', 'origin', 'HEAD:refs/pull/1/head')).rejects.toThrow(
        'deny updating a hidden ref',
      );
    });

    it('shows public repositories to everybody, and lets nobody push', async () => {
      const url = at.ada.gitUrl('acme/public').replace(/\/\/[^@]+@/, '//');
      const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
      await run('git', ['ls-remote', url], { env });
      const clone = await aClone(at, 'acme/shop');
      await expect(clone.git('push', '--quiet', url, 'HEAD:main')).rejects.toThrow();
    });
  });

  it('replaces the webhook of an app that is registered again', async () => {
    // Whoever adds an app twice changes it: there is one hook, not two.
    const webhook = { url: 'http://127.0.0.1:9/', secret: 'hush' };
    await at.ada.control({ apps: [{ ...installed(), webhook, events: ['push'] }] });
    await at.ada.control({ apps: [{ ...installed(), webhook: { url: 'http://127.0.0.1:9/new' }, events: ['push'] }] });
    const config = await eventually(
      async () => (await at.call('GET', '/app/hook/config', { token: jwt(claims()) })).body,
    );
    expect(config).toEqual({ url: 'http://127.0.0.1:9/new', content_type: 'json', insecure_ssl: '0' });
  });
});
