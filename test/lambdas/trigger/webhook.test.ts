import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { webhook } from '../../../lambdas/trigger/webhook';
import type { AppConfig } from '../../../lib/core/contracts/app-config';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { isSigned } from '../../../lib/core/trigger/webhook-signature';
import { COMMIT } from '../../builders';
import { anApp, memoryPlatform } from '../../memory-platform';
import { processorTime } from '../../processor-time';
import { runs } from '../../runs';

const SECRET = 'a secret that GitHub knows';
const OLD_SECRET = 'a secret of last year';
const DEV = { app: 'shop', stage: 'dev' };

const sign = (body: string | Uint8Array, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function aPlatform(app: Partial<AppConfig> = {}) {
  const platform = memoryPlatform({ app: { repository: { provider: 'github', name: 'acme/shop' }, ...app } });
  const lines: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const log = {
    info: (message: string, fields: Readonly<Record<string, unknown>>) => lines.push({ message, fields }),
    warn: (message: string, fields: Readonly<Record<string, unknown>>) => lines.push({ message, fields }),
  };
  const ports = { ...platform, log, secrets: async () => [SECRET, OLD_SECRET] };
  return { ...ports, lines, answer: webhook(ports) };
}

interface Sent {
  readonly kind?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly base64?: boolean;
}

/** @returns a request as the HTTP API hands it on, of a delivery as GitHub sends it. */
function aDelivery(payload: unknown, { kind = 'push', id = 'delivery-1', secret, headers, base64 }: Sent = {}) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const all = {
    'content-type': 'application/json',
    'x-github-event': kind,
    'x-github-delivery': id,
    'x-hub-signature-256': sign(body, secret),
    ...headers,
  };
  return {
    version: '2.0',
    routeKey: 'POST /github',
    rawPath: '/github',
    isBase64Encoded: base64 ?? false,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    body: base64 ? Buffer.from(body).toString('base64') : body,
  };
}

const aPush = (ref = 'refs/heads/main', more: object = {}) => ({
  ref,
  after: COMMIT,
  repository: { full_name: 'acme/shop' },
  sender: { login: 'ada' },
  ...more,
});
const aPullRequest = (action: string, more: object = {}) => ({
  action,
  number: 12,
  repository: { full_name: 'acme/shop' },
  sender: { login: 'ada' },
  ...more,
});

describe('a signature', () => {
  it('is what GitHub’s documentation gives as an example', () => {
    const secret = "It's a Secret to Everybody";
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(isSigned(signature, Buffer.from('Hello, World!'), [secret])).toBe(true);
    expect(isSigned(signature, Buffer.from('Hello, World?'), [secret])).toBe(false);
    expect(isSigned(signature, Buffer.from('Hello, World!'), ['another', secret])).toBe(true);
    expect(isSigned(signature, Buffer.from('Hello, World!'), [])).toBe(false);
  });
});

describe('a delivery', () => {
  it('of a push starts a release of the branch’s head, whatever commit it names', async () => {
    const { answer, releases } = aPlatform();
    const forged = aPush('refs/heads/main', { after: 'f'.repeat(40), commits: [{ id: 'f'.repeat(40) }] });
    expect(await answer(aDelivery(forged))).toEqual({ statusCode: 202 });
    const [record] = await releases.latest(DEV, 1);
    expect(record).toMatchObject({
      status: 'running',
      release: { commit: COMMIT, branch: 'main', trigger: { type: 'push', id: 'delivery-1/dev', by: 'ada' } },
    });
  });

  it('that comes again makes no second release', async () => {
    const { answer, releases } = aPlatform();
    for (let time = 0; time < 3; time += 1) expect(await answer(aDelivery(aPush()))).toEqual({ statusCode: 202 });
    expect(await releases.latest(DEV, 10)).toHaveLength(1);
  });

  it('that comes late releases nothing older than there is', async () => {
    const { answer, releases, branches } = aPlatform();
    const stale = aDelivery(aPush('refs/heads/main', { after: 'a'.repeat(40) }), { id: 'late' });
    branches.main = 'c'.repeat(40);
    await answer(aDelivery(aPush(), { id: 'newest' }));
    await answer(stale);
    expect((await releases.latest(DEV, 10)).map(({ release }) => release.commit)).toEqual(['c'.repeat(40)]);
  });

  it('may be signed with the old secret while it is changed, and be encoded on its way', async () => {
    const { answer } = aPlatform();
    expect(await answer(aDelivery(aPush(), { secret: OLD_SECRET }))).toEqual({ statusCode: 202 });
    expect(await answer(aDelivery(aPush(), { base64: true }))).toEqual({ statusCode: 202 });
    const upper = aDelivery(aPush());
    const headers = Object.fromEntries(
      Object.entries(upper.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(await answer({ ...upper, headers })).toEqual({ statusCode: 202 });
  });

  it('of a tag releases what it points at', async () => {
    const { answer, releases, repository } = aPlatform({
      stages: { prod: { ...anApp().stages.prod!, branches: [], tags: ['v*'] } },
    });
    repository.tags['v1/ü'] = COMMIT;
    repository.tags.v1 = COMMIT;
    await answer(aDelivery(aPush('refs/tags/v1')));
    expect(await releases.latest({ app: 'shop', stage: 'prod' }, 1)).toMatchObject([{ release: { tag: 'v1' } }]);
  });

  it('of a pull request gives it a stage, and takes that away when it is closed', async () => {
    const platform = aPlatform({ pullRequests: { template: 'dev', into: ['main'], emptyBuckets: false } });
    const { answer, releases, repository } = platform;
    const open = { number: 12, state: 'open', into: 'main', branch: 'topic', isFork: false } as const;
    const head = { commit: COMMIT, message: 'a commit' };
    repository.pullRequests[12] = { ...open, head };
    const deliver = (action: string, id: string, more?: object) =>
      answer(aDelivery(aPullRequest(action, more), { kind: 'pull_request', id }));
    const newest = async () => (await releases.latest({ app: 'shop', stage: 'pr-12' }, 1))[0]?.release.trigger;
    await deliver('opened', 'one');
    expect(await newest()).toMatchObject({ type: 'pull-request', id: 'one/pr-12' });
    await deliver('edited', 'two', { changes: { title: { from: 'a' } } });
    await deliver('labeled', 'three');
    expect(await newest()).toMatchObject({ id: 'one/pr-12' });
    repository.pullRequests[12] = { ...open, head: { commit: 'c'.repeat(40), message: 'more' } };
    await deliver('edited', 'four', { changes: { base: { ref: { from: 'x' } } } });
    expect(await newest()).toMatchObject({ id: 'four/pr-12' });
    repository.pullRequests[12] = { ...open, head, state: 'closed' };
    // Even if it says something else: what counts is what the repository says.
    await deliver('synchronize', 'five');
    expect(await newest()).toMatchObject({ type: 'remove', id: 'five/pr-12' });
  });

  it('about a repository without an app is kept as ignored, and its name’s case means nothing', async () => {
    const { answer, releases } = aPlatform();
    const about = (full_name: string) => aDelivery(aPush('refs/heads/main', { repository: { full_name } }));
    expect(await answer(about('acme/other'))).toEqual({ statusCode: 202 });
    expect(await releases.ignored(undefined, 10)).toMatchObject([{ repository: { name: 'acme/other' } }]);
    await answer(about('ACME/Shop'));
    expect(await releases.latest(DEV, 10)).toHaveLength(1);
  });

  it.each<[string, unknown, Sent, number]>([
    ['a ping', { zen: 'Keep it simple.', hook_id: 1 }, { kind: 'ping' }, 200],
    ['another event', { action: 'created' }, { kind: 'star' }, 202],
    ['an event of another kind of reference', aPush('refs/notes/x'), {}, 202],
    ['no JSON', 'not JSON', {}, 400],
    ['JSON of something else', [1, 2], {}, 400],
    ['a push without a reference', { repository: { full_name: 'acme/shop' } }, {}, 400],
    ['a reference that is a list', aPush('x', { ref: ['refs/heads/main'] }), {}, 400],
    ['a repository that is none', aPush('refs/heads/main', { repository: { full_name: '../..//x' } }), {}, 400],
    ['a number that is none', aPullRequest('opened', { number: 1.5 }), { kind: 'pull_request' }, 400],
    ['no delivery', aPush(), { headers: { 'x-github-delivery': undefined } }, 400],
    ['a delivery that is no id', aPush(), { headers: { 'x-github-delivery': 'a/../b c' } }, 400],
    ['a form', aPush(), { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['no content type', aPush(), { headers: { 'content-type': undefined } }, 415],
    ['JSON with a character set', aPush(), { headers: { 'content-type': 'application/json; charset=utf-8' } }, 202],
    ['no signature', aPush(), { headers: { 'x-hub-signature-256': undefined } }, 401],
    ['the signature of another body', aPush(), { headers: { 'x-hub-signature-256': sign('other') } }, 401],
    ['the signature of another secret', aPush(), { secret: 'a secret that nobody knows' }, 401],
    ['a signature by SHA-1', aPush(), { headers: { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` } }, 401],
    ['a signature that is cut', aPush(), { headers: { 'x-hub-signature-256': 'sha256=abc' } }, 401],
    ['no signature, and no JSON', 'not JSON', { headers: { 'x-hub-signature-256': undefined } }, 401],
  ])('with %s is answered with the right status and nothing else', async (_, payload, sent, statusCode) => {
    const { answer } = aPlatform();
    expect(await answer(aDelivery(payload, sent))).toEqual({ statusCode });
  });

  it('that is refused starts nothing, and leaves neither its content nor its signature in the log', async () => {
    const { answer, lines, executions } = aPlatform();
    const headers = { 'x-hub-signature-256': sign('another body') };
    await answer(aDelivery(aPush('refs/heads/hunter2'), { headers }));
    expect(executions.started).toEqual([]);
    expect(lines).toEqual([
      {
        message: 'a delivery was refused',
        fields: { statusCode: 401, why: 'no secret has signed it', delivery: 'delivery-1' },
      },
    ]);
  });

  it.each([
    ['GitHub is away', new ReleaseError('SourceUnavailable', 'GitHub answers 502; it is tried again')],
    ['the App was removed', new ReleaseError('SourceAccessDenied', 'the App was removed')],
    ['anything else fails', new Error('socket hang up')],
  ])('is to come again when %s', async (_, error) => {
    const platform = aPlatform();
    let down = true;
    const source: typeof platform.source = {
      ...platform.source,
      head: async (...asked) => (down ? Promise.reject(error) : platform.source.head(...asked)),
    };
    const answer = webhook({ ...platform, source });
    expect(await answer(aDelivery(aPush()))).toEqual({ statusCode: 503 });
    expect(platform.lines).toMatchObject([{ fields: { statusCode: 503, error } }]);
    down = false;
    expect(await answer(aDelivery(aPush()))).toEqual({ statusCode: 202 });
    expect(await platform.releases.latest(DEV, 10)).toHaveLength(1);
  });

  it('is to come again when the secret cannot be read', async () => {
    const platform = aPlatform();
    const secrets = async () => Promise.reject(new ReleaseError('SecretMissing', 'there is none'));
    expect(await webhook({ ...platform, secrets })(aDelivery(aPush()))).toEqual({ statusCode: 503 });
  });

  it('asks GitHub for the head, and whose it is, however much it says', async () => {
    const platform = aPlatform({ stages: { dev: anApp().stages.dev! } });
    const calls: string[] = [];
    const source = new Proxy(platform.source, {
      get: (target, name) => {
        calls.push(String(name));
        return Reflect.get(target, name);
      },
    });
    const commits = Array.from({ length: 2_000 }, (_, index) => ({ id: COMMIT, message: `commit ${index}` }));
    await webhook({ ...platform, source })(aDelivery(aPush('refs/heads/main', { commits })));
    expect(calls).toEqual(['head', 'repositoryId']);
  });

  it('of 5 MB is handled in little time and memory; a larger one than Lambda takes is refused unread', async () => {
    const { answer } = aPlatform();
    const large = aPush('refs/heads/main', { commits: Array(5_000).fill({ message: 'x'.repeat(1_000) }) });
    const delivery = aDelivery(large);
    expect(delivery.body.length).toBeGreaterThan(5_000_000);
    const before = process.memoryUsage().heapUsed;
    const { result, milliseconds } = await processorTime(() => answer(delivery));
    const bytes = process.memoryUsage().heapUsed - before;
    expect(result).toEqual({ statusCode: 202 });
    // A worker has 512 MB and ten seconds until GitHub gives up.
    expect(milliseconds).toBeLessThan(2_000);
    expect(bytes).toBeLessThan(100 * 1024 * 1024);
    expect(await answer({ ...delivery, body: 'x'.repeat(6 * 1024 * 1024 + 1) })).toEqual({ statusCode: 413 });
  });
});

describe('any request', () => {
  const secrets = [SECRET, OLD_SECRET];
  const headerName = fc.constantFrom('x-hub-signature-256', 'x-github-event', 'x-github-delivery', 'content-type', 'x');
  const headers = fc.dictionary(
    headerName,
    fc.oneof(fc.string(), fc.constantFrom('push', 'ping', 'application/json', `sha256=${'0'.repeat(64)}`)),
  );
  const body = fc.oneof(fc.string(), fc.json(), fc.base64String(), fc.constant(JSON.stringify(aPush())));
  const requests = fc.oneof(
    fc.anything(),
    fc.record({ headers, body, isBase64Encoded: fc.boolean() }, { requiredKeys: [] }),
  );

  it('without a valid signature is refused, and none throws', async () => {
    const { answer, executions } = aPlatform();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect((await answer(request)).statusCode).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: runs(500) },
    );
    expect(executions.started).toEqual([]);
  });

  it('with a valid signature is answered, whatever it holds', async () => {
    const { answer } = aPlatform();
    const kinds = fc.oneof(fc.constantFrom('push', 'pull_request', 'ping'), fc.string());
    const payloads = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ ref: fc.string(), repository: fc.record({ full_name: fc.string() }) })
        .map((one) => JSON.stringify(one)),
      fc
        .record({
          ref: fc.string().map((name) => `refs/heads/${name}`),
          repository: fc.constant({ full_name: 'acme/shop' }),
        })
        .map((one) => JSON.stringify(one)),
    );
    await fc.assert(
      fc.asyncProperty(payloads, kinds, fc.constantFrom(...secrets), async (payload, kind, secret) => {
        const { statusCode } = await answer(aDelivery(payload, { kind, secret }));
        expect([200, 202, 400]).toContain(statusCode);
      }),
      { numRuns: runs(500) },
    );
  });

  it('of any bytes is taken for what its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(isSigned(sign(bytes), bytes, secrets)).toBe(true);
        expect(isSigned(sign(bytes), Buffer.concat([bytes, Buffer.from([0])]), secrets)).toBe(false);
      }),
    );
  });
});
