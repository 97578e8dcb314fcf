import { gitHubClients } from '../../lib/github/client';
import { ownerAndRepo, type Right } from '../../lib/github/credentials';
import { isStatus } from '../../lib/github/errors';
import { A_TOKEN, AN_APP, API, anError, clientsOf, type DoubleAnswer, gitHubDouble, SHOP } from './github-double';

const REPOSITORY = 'GET /repos/acme/shop';
const INSTALLATION = 'GET /repos/acme/shop/installation';
const OWNER = 'GET /users/acme/installation';
const MINT = 'POST /app/installations/7/access_tokens';
const get = (clients: ReturnType<typeof clientsOf>, right: Right = 'read') =>
  clients.client(SHOP, right).request('GET /repos/{owner}/{repo}', ownerAndRepo(SHOP));
const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'it succeeded',
    (error) => error,
  );
const permissions = { contents: 'read', metadata: 'read', pull_requests: 'write', statuses: 'write' };
const installation = () => ({ id: 7, permissions, account: { login: 'Acme' } });
const aToken = (token: string) => () =>
  Response.json({ token, expires_at: '2030-01-01T00:00:00Z', permissions }, { status: 201 });

describe('clients with a token', () => {
  it('send it with each call, to one repository', async () => {
    const github = gitHubDouble({ [REPOSITORY]: () => ({ id: 1 }) });
    expect((await get(clientsOf(github))).data).toEqual({ id: 1 });
    expect(github.seen).toEqual([{ call: REPOSITORY, authorization: 'token github_pat_secret', body: undefined }]);
  });

  it('take a new token from the secret when GitHub stops accepting the old one', async () => {
    const github = gitHubDouble({
      [REPOSITORY]: ({ authorization }) =>
        authorization === 'token new' ? { id: 1 } : anError(401, 'Bad credentials'),
    });
    const read = jest.fn(async (fresh?: boolean) => (fresh ? { ...A_TOKEN, token: 'new' } : A_TOKEN));
    const clients = gitHubClients({ apiUrl: API, secret: 'seedbed/github' }, read, { fetch: github.fetch, second: 1 });
    expect((await get(clients)).data).toEqual({ id: 1 });
    expect(github.calls()).toEqual([REPOSITORY, REPOSITORY]);
  });

  it('leave it to who asks what a 404, 409 or 422 means', async () => {
    for (const status of [404, 409, 422]) {
      const github = gitHubDouble({ [REPOSITORY]: () => anError(status, 'no') });
      expect(isStatus(await failure(get(clientsOf(github))), status)).toBe(true);
      expect(github.seen).toHaveLength(1);
    }
  });
});

describe('clients of an App', () => {
  const withApp = (routes: Record<string, () => DoubleAnswer> = {}) =>
    gitHubDouble({
      [INSTALLATION]: installation,
      [MINT]: aToken('installed'),
      [REPOSITORY]: () => ({ id: 1 }),
      ...routes,
    });

  it('ask for a token of one repository, with the rights that the calls need and the App has', async () => {
    const github = withApp();
    await get(clientsOf(github, AN_APP), 'report');
    const [found, mint, call] = github.seen;
    expect(found!.authorization).toMatch(/^bearer ey/);
    expect(mint).toMatchObject({
      call: MINT,
      body: {
        repositories: ['shop'],
        permissions: { metadata: 'read', statuses: 'write', pull_requests: 'write' },
      },
    });
    expect(call).toMatchObject({ call: REPOSITORY, authorization: 'token installed' });
  });

  it('keep installation and token for the next calls', async () => {
    const github = withApp();
    const clients = clientsOf(github, AN_APP);
    await get(clients);
    await get(clients);
    expect(github.calls()).toEqual([INSTALLATION, MINT, REPOSITORY, REPOSITORY]);
  });

  it('ask for another token when GitHub stops accepting the one they have', async () => {
    let minted = 0;
    const github = gitHubDouble({
      [INSTALLATION]: installation,
      [MINT]: () => aToken(`token-${++minted}`)(),
      [REPOSITORY]: ({ authorization }) =>
        authorization === 'token token-1' ? anError(401, 'Bad credentials') : { id: 1 },
    });
    expect((await get(clientsOf(github, AN_APP))).data).toEqual({ id: 1 });
  });

  it('find a repository that has another name now, by its id', async () => {
    const github = gitHubDouble({
      [INSTALLATION]: installation,
      [MINT]: ({ body }) =>
        (body as object) && 'repositories' in (body as object)
          ? anError(422, 'There is at least one repository that does not exist or is not accessible')
          : aToken('renamed')(),
      [REPOSITORY]: () => ({ id: 99 }),
    });
    const clients = clientsOf(github, AN_APP);
    await get(clients);
    await get(clients);
    const bodies = github.seen.filter(({ call }) => call === MINT).map(({ body }) => body);
    expect(bodies).toEqual([
      { repositories: ['shop'], permissions: { metadata: 'read', contents: 'read' } },
      { permissions: { metadata: 'read' } },
      { repository_ids: [99], permissions: { metadata: 'read', contents: 'read' } },
    ]);
  });

  it.each([
    ['is not installed at the owner', {}, 'SourceAccessDenied', /is not installed for "acme"/],
    [
      'does not see the repository',
      { [OWNER]: installation },
      'RepositoryNotFound',
      /cannot see repository "acme\/shop"/,
    ],
    [
      'was deleted, or its key',
      { [INSTALLATION]: () => anError(401, 'A JSON web token could not be decoded') },
      'SourceAccessDenied',
      /does not accept the key of GitHub App 42/,
    ],
    [
      'was suspended',
      { [INSTALLATION]: installation, [MINT]: () => anError(403, 'This installation has been suspended') },
      'SourceAccessDenied',
      /is suspended; ask its owner to lift that/,
    ],
  ])('say that the App %s', async (_, routes: Record<string, () => DoubleAnswer>, code, message) => {
    const error = await failure(get(clientsOf(gitHubDouble(routes), AN_APP)));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('say that the key is none, without quoting it', async () => {
    const app = { id: '42', privateKey: '-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----' };
    const error = await failure(get(clientsOf(withApp(), { ...AN_APP, app })));
    expect(error).toMatchObject({ code: 'SecretMissing', message: expect.stringContaining('"app.privateKey"') });
    expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toContain('c2VjcmV0');
  });
});

describe('refusals and outages of GitHub', () => {
  const first = (...answers: (() => DoubleAnswer)[]) => {
    const github = gitHubDouble({ [REPOSITORY]: () => (answers.length > 1 ? answers.shift()! : answers[0]!)() });
    return { github, result: get(clientsOf(github)) };
  };

  it.each([
    ['an expired token', () => anError(401, 'Bad credentials'), /expired or was revoked; make a new one/],
    [
      'a permission that is missing',
      () =>
        anError(403, 'Resource not accessible by personal access token', {
          'x-accepted-github-permissions': 'contents=read',
        }),
      /it needs contents=read: give it to the token/,
    ],
    [
      'single sign-on',
      () => anError(403, 'Resource protected by organization SAML enforcement', { 'x-github-sso': 'required; url=x' }),
      /demands single sign-on; authorise the token/,
    ],
    ['a blocked repository', () => anError(451, 'Repository access blocked'), /has closed "acme\/shop"/],
  ])('%s: access denied, with the fix and without the token', async (_, answer, message) => {
    const error = await failure(first(answer).result);
    expect(error).toMatchObject({ code: 'SourceAccessDenied', message: expect.stringMatching(message) });
    expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toContain('github_pat_secret');
  });

  it.each([
    ['a fault of GitHub', () => anError(502, 'Server Error')],
    [
      'no network',
      () => {
        throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.github.test') });
      },
    ],
    [
      'a limit that lasts a moment',
      () => anError(429, 'You have exceeded a secondary rate limit', { 'retry-after': '2' }),
    ],
  ])('%s is waited out', async (_, answer) => {
    const { github, result } = first(answer, () => ({ id: 1 }));
    expect((await result).data).toEqual({ id: 1 });
    expect(github.seen).toHaveLength(2);
  });

  const reset = String(Date.parse('2030-01-01T12:00:00Z') / 1000);
  it.each([
    ['faults that go on', () => anError(503, 'Service unavailable'), /answers 503; it is tried again/, 2],
    [
      'the hourly limit',
      () => anError(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }),
      /no more of our calls before 2030-01-01T12:00:00.000Z/,
      1,
    ],
    [
      'a secondary limit of a minute',
      () => anError(403, 'You have exceeded a secondary rate limit', { 'retry-after': '60' }),
      /no more of our calls for 60 seconds/,
      1,
    ],
    [
      'no network for long',
      () => {
        throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.github.test') });
      },
      /cannot be reached \(getaddrinfo ENOTFOUND/,
      2,
    ],
  ])('%s: unavailable, for the state machine to try again', async (_, answer, message, calls) => {
    const { github, result } = first(answer);
    expect(await failure(result)).toMatchObject({
      code: 'SourceUnavailable',
      message: expect.stringMatching(message),
    });
    expect(github.seen).toHaveLength(calls);
  });
});
