import fc from 'fast-check';
import { DOOR_CALLS, type DoorCall, doorCalls, namedInPath, routeOf } from '../../../lib/core/contracts/door';
import { type DoorRequest, readCall } from '../../../lib/core/door/read-call';
import { writeCall } from '../../../lib/core/door/write-call';
import { COMMIT, RELEASE_ID } from '../../builders';

const BY = 'arn:aws:sts::111122223333:assumed-role/Developer/ada';
const request = (more: Partial<DoorRequest> & { readonly sent?: object } = {}): DoorRequest => ({
  path: { app: 'shop', stage: 'dev' },
  query: '',
  body: more.sent === undefined ? '' : JSON.stringify(more.sent),
  by: BY,
  ...more,
});
const read = (name: Parameters<typeof readCall>[0], more: Partial<DoorRequest> & { readonly sent?: object }) => () =>
  readCall(name, request(more));
const invalid = (message: string | RegExp) =>
  expect.objectContaining({ code: 'CallInvalid', message: expect.stringMatching(message) });

/** A hash that could be a number. */
const DIGITS = '12'.repeat(20);

describe('reading a call', () => {
  it('takes app and stage from the path, who calls from AWS, and the rest from the body', () => {
    const sent = { branch: 'main', force: true, requestId: 'r-1' };
    expect(readCall('startRelease', request({ sent }))).toEqual({ app: 'shop', stage: 'dev', by: BY, ...sent });
  });

  it('takes texts, switches, numbers and lists from a query', () => {
    const query = 'branch=a%2Fb&force=true&services=api&services=a%20b';
    expect(readCall('previewRelease', request({ query: query.replace('a%20b', 'web') }))).toMatchObject({
      branch: 'a/b',
      force: true,
      services: ['api', 'web'],
    });
    expect(readCall('previewRelease', request({ query: `commit=${DIGITS}&services=api` }))).toMatchObject({
      commit: DIGITS,
      services: ['api'],
    });
    expect(readCall('listReleases', request({ query: 'limit=7' }))).toMatchObject({ limit: 7 });
  });

  it.each([
    ['who calls', { by: 'arn:aws:iam::1:user/boss' }, /body: "by" is whom AWS names as the caller; leave it out/],
    ['another stage', { stage: 'prod' }, /body: "stage" is what the path says; leave it out/],
    ['a slip', { brnach: 'main' }, /body: "brnach" is not known; did you mean "branch"\?/],
    ['no id of the request', { branch: 'main' }, /body: requestId: /],
    ['an id that is no key', { branch: 'main', requestId: 'a/b' }, /body: requestId: give an id of your own/],
    ['nothing to release', { requestId: 'r' }, /body: give a commit, a branch or a tag/],
    ['a commit by less than its hash', { commit: 'main', requestId: 'r' }, /body: commit: give its full hash/],
    ['no branch', { branch: '', requestId: 'r' }, /body: branch: give a name that git takes/],
    ['a branch that none can be', { branch: 'x'.repeat(257), requestId: 'r' }, /body: branch: give a name that git/],
    ['a tag with a space', { tag: 'v 1', requestId: 'r' }, /body: tag: give a name that git takes/],
    ['a service out of the repository', { branch: 'b', requestId: 'r', services: ['../x'] }, /body: services\.0: /],
  ])('refuses a body that says %s', (_, sent, message) => {
    expect(read('startRelease', { sent })).toThrow(invalid(message));
  });

  it.each(['constructor', 'toString', '__proto__'])('refuses what every object has, in a query: %s', (key) => {
    expect(read('previewRelease', { query: `${key}=1` })).toThrow(invalid(`query: "${key}" is not known`));
  });

  it.each(['{', '[]', '"x"', '7', 'null'])('refuses the body %s', (body) => {
    expect(read('startRelease', { body })).toThrow(invalid(/body: it is not/));
  });

  it.each(['Dev', 'dev%2f', 'dev/../prod', '..', 'dev ', 'dev%', '', 'prod\n', 'ｐrod'])(
    'refuses the stage "%s"',
    (stage) => {
      const sent = { branch: 'main', requestId: 'r' };
      expect(read('startRelease', { path: { app: 'shop', stage }, sent })).toThrow(invalid(/path: stage "/));
    },
  );

  it('answers in bounded text, whatever is sent', () => {
    const sent = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key-${index}`, 1]));
    try {
      readCall('startRelease', request({ sent }));
    } catch (error) {
      expect((error as Error).message.length).toBeLessThanOrEqual(2_000);
    }
    expect(read('startRelease', { body: `"${'x'.repeat(2_000_000)}"` })).toThrow(invalid(/send at most/));
  });

  it('reads what was written, of every call', () => {
    const values = {
      app: 'shop',
      stage: 'pr-12',
      release: RELEASE_ID,
      requestId: 'r',
      why: 'y',
      commit: COMMIT,
      limit: 3,
    };
    const services = ['.', 'services/api', 'a,b', 'ä&=?#%/+'];
    for (const name of doorCalls()) {
      const { shape } = DOOR_CALLS[name].input;
      const all = { ...values, services, force: true, service: services[3], to: 'x' };
      const input = Object.fromEntries(Object.entries(all).filter(([key]) => key in shape));
      const { path, query, body = '' } = writeCall(name, input as never);
      const pattern = new RegExp(`^${routeOf(name).path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      const parameters = new URLSearchParams();
      for (const [key, value] of Object.entries(query)) for (const one of [value].flat()) parameters.append(key, one);
      const named = { ...pattern.exec(path)!.groups };
      const given = readCall(name, { path: named, query: parameters.toString(), body, by: BY });
      expect([name, given]).toEqual([name, { ...input, ...('by' in shape && { by: BY }) }]);
    }
  });

  it('refuses to write a query that no URL takes', () => {
    const services = Array.from({ length: 1_000 }, (_, index) => `services/${index}`);
    expect(() => writeCall('previewRelease', { app: 'shop', stage: 'dev', branch: 'main', services })).toThrow(
      invalid(/name fewer services/),
    );
  });
});

/** As IAM compares: `*` is any text, also with `/` in it. */
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);

describe('paths of calls', () => {
  it('let no policy of a stage reach another, whatever is sent for the names in braces', () => {
    const patterns = ['dev', 'pr-*'].map((stage) => [stage, `POST/apps/shop/stages/${stage}/*`] as const);
    const piece = fc.constantFrom(
      'dev',
      'prod',
      'pr-1',
      'pr-',
      '/',
      '%2F',
      '..',
      'stages',
      'shop',
      '%70rod',
      '\n',
      '*',
    );
    const anything = fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(anything, anything, fc.constantFrom(...doorCalls()), (app, stage, name) => {
        const { method, path } = routeOf(name);
        if (method === 'GET' || !namedInPath(path).includes('stage')) return;
        const asIs = `${method}${path.replace('{app}', app).replace('{stage}', stage)}`;
        const decode = (text: string) => decodeURIComponent(text);
        let reached: string | undefined;
        try {
          const sent = { branch: 'main', requestId: 'r' };
          const ofCall: Partial<Record<DoorCall, object>> = {
            startRelease: sent,
            cancelRelease: {},
            holdServices: { why: 'y' },
            resumeServices: {},
          };
          const body = JSON.stringify(ofCall[name] ?? { requestId: 'r' });
          reached = (
            readCall(name, { path: { app: decode(app), stage: decode(stage) }, query: '', body, by: BY }) as {
              stage: string;
            }
          ).stage;
        } catch {
          return; // refused by the worker, whatever IAM says
        }
        // Whether IAM compares the path with its escapes or without them.
        for (const [allowed, pattern] of patterns)
          if (fits(pattern, asIs) || fits(pattern, decode(asIs)))
            expect([reached, fits(allowed, reached)]).toEqual([reached, true]);
      }),
    );
  });
});
