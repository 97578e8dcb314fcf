import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type CheckoutRequest, checkout } from '../../lib/packager/checkout';
import { type AGitHub, aGitHub, aRepository as aRepositoryAt } from '../local/a-github';
import { aDirectory, git, programs } from './scratch';

const TOKEN = 'ghs_topsecret';
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
const credential = {
  repository: 'acme/shop',
  url: '',
  token: TOKEN,
  from: '2020-01-01T00:00:00Z',
  until: '2100-01-01T00:00:00Z',
};

describe('a checkout with a token', () => {
  let at: AGitHub;
  let cloneUrl: string;
  let commit: string;
  beforeAll(async () => {
    at = await aGitHub();
    await at.ada.control({ tokens: [{ token: TOKEN, login: 'bot', repositories: ['acme/shop'] }] });
    const clone = await aRepositoryAt(at, 'acme/shop', { private: true });
    commit = await clone.commit('first', { 'a.txt': 'first' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    cloneUrl = at.ada.gitUrl('acme/shop').replace(/\/\/.*@/, '//');
  });
  afterAll(() => at.stop());
  afterEach(() => at.ada.control({ faults: { outage: null } }));

  async function checkOut(more: Partial<CheckoutRequest> = {}) {
    const lines: string[] = [];
    const directory = join(aDirectory(), 'source');
    const request = { cloneUrl, commit, directory, env: process.env, credential, pauses: [], ...more };
    const error = await checkout(request, (line) => lines.push(line)).catch((one) => one);
    return { directory, lines: lines.join('\n'), error };
  }

  it('brings a private repository', async () => {
    const { directory, error } = await checkOut();
    expect([error, readFileSync(join(directory, 'a.txt'), 'utf8')]).toEqual([undefined, 'first']);
  });

  it('is refused without it', async () => {
    expect((await checkOut({ credential: undefined })).error).toMatchObject({ code: 'RepositoryNotFound' });
  });

  it('leaves the token nowhere: not in arguments, files or the log, even if git is told to log all it sends', async () => {
    const seen = join(aDirectory(), 'arguments');
    const real = git('/', '--exec-path');
    const path = programs({ git: `echo "$@" >> ${seen}; exec ${real}/git "$@"` });
    const traces = { GIT_TRACE_CURL: '1', GIT_TRACE: '1', GIT_CURL_VERBOSE: '1', GIT_TRACE_REDACT: '0' };
    const { directory, lines, error } = await checkOut({
      env: { ...process.env, ...traces, PATH: `${path}:${process.env.PATH}` },
    });
    expect(error).toBeUndefined();
    expect(readFileSync(seen, 'utf8')).toContain('fetch');
    const everything = [readFileSync(seen, 'utf8'), lines, readFileSync(join(directory, '.git/config'), 'utf8')];
    expect(grep(directory, TOKEN, BASIC)).toBe('');
    for (const secret of [TOKEN, BASIC]) expect(everything.join('\n')).not.toContain(secret);
  });

  it('says that the token is refused', async () => {
    const { error } = await checkOut({ credential: { ...credential, token: 'ghs_revoked' } });
    expect(error).toMatchObject({
      code: 'SourceAccessDenied',
      message: expect.stringMatching(/refuses the credentials for cloning: the App or token may have been revoked/),
    });
    expect(error.message).not.toContain('ghs_revoked');
  });

  it('says that the token has expired', async () => {
    const late = { ...credential, token: 'ghs_old', until: '2020-01-01T01:00:00Z' };
    expect((await checkOut({ credential: late })).error).toMatchObject({
      code: 'SourceAccessDenied',
      message: expect.stringMatching(/they expired at 2020-01-01T01:00:00Z, while the build waited; release again/),
    });
  });

  it('waits for a host that is away for a while', async () => {
    await at.ada.control({ faults: { outage: { status: 503, of: 'git', calls: 1 } } });
    const { error, lines } = await checkOut({ pauses: [1] });
    expect(error).toBeUndefined();
    expect(lines).toContain('trying again');
  });

  it('gives up on a host that stays away', async () => {
    await at.ada.control({ faults: { outage: { status: 503, of: 'git' } } });
    expect((await checkOut({ pauses: [1, 1] })).error).toMatchObject({
      code: 'CloneUnavailable',
      message: expect.stringContaining('cannot reach'),
    });
  });
});

describe('a token', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  async function serve(respond: RequestListener): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      respond(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  it.each([
    ['another host', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['another port', (url: string) => url],
  ])('is not sent to %s to which the first one leads', async (_, name) => {
    const other = await serve((_request, response) => response.writeHead(404).end());
    const first = await serve((request, response) =>
      response.writeHead(302, { location: `${name(other.url)}${request.url}` }).end(),
    );
    const request = { cloneUrl: `${first.url}/acme/shop.git`, commit: 'f'.repeat(40), env: process.env, credential };
    await expect(
      checkout({ ...request, directory: join(aDirectory(), 'source'), pauses: [] }, () => {}),
    ).rejects.toMatchObject({ code: 'RepositoryNotFound' });
    expect(first.seen[0]!.authorization).toBe(`Basic ${BASIC}`);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(other.seen.map(({ authorization }) => authorization)).toEqual(other.seen.map(() => undefined));
  });
});

/** @returns the files below a directory that contain one of the texts. */
function grep(directory: string, ...texts: string[]): string {
  const patterns = texts.flatMap((text) => ['-e', text]);
  return spawnSync('grep', ['-rlF', ...patterns, directory], { encoding: 'utf8' }).stdout;
}
