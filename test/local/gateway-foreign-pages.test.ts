import { refuseForeignPage, sharedWith } from '../../lib/local/gateway/foreign-pages';

/** What browsers say of who asks; AWS's tools say nothing but where they send it. */
const asked = (headers: Readonly<Record<string, string>>, url = '/') => ({
  url,
  headers: { host: '127.0.0.1:4566', ...headers },
});
const refuses = (headers: Readonly<Record<string, string>>, url?: string) => {
  try {
    refuseForeignPage(asked(headers, url));
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'AccessDeniedException', status: 403 });
    return true;
  }
};

describe('the local cloud refuses', () => {
  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without an origin, such as a sandboxed frame', { origin: 'null' }],
    ['a page whose site begins like this machine', { origin: 'http://localhost.evil.example' }],
    ['a page whose site ends like this machine’s address', { origin: 'http://evil127.0.0.1.example' }],
    ['a picture or link of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page that lets its own name lead here', { host: 'evil.example:4566' }],
    ['a page whose name has this machine’s in it', { host: '127.0.0.1.evil.example' }],
    [
      'a page that lets its own name lead here, over HTTP/2',
      { host: undefined as never, ':authority': 'evil.example' },
    ],
  ])('%s', (_, headers) => {
    expect(refuses(headers)).toBe(true);
    expect(refuses(headers, '/_seedbed/faults')).toBe(true);
    expect(refuses(headers, '/_seedbed/repositories/app.git/git-receive-pack')).toBe(true);
  });
});

describe('the local cloud answers', () => {
  it.each([
    ['tools that name the address', {}],
    ['tools that name the machine', { host: 'localhost:4566' }],
    ['tools that name a bucket before it', { host: 'bucket.localhost:4566' }],
    ['tools that use IPv6', { host: '[::1]:4566' }],
    ['whoever types the address', { 'sec-fetch-site': 'none' }],
    ['pages of this machine, such as an app that is being developed', { origin: 'http://localhost:3000' }],
    [
      'such pages, though they name the machine otherwise',
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
    ],
  ])('%s', (_, headers) => {
    expect(refuses(headers)).toBe(false);
  });

  it.each([
    ['the path of an API', '127.0.0.1:4566', '/_aws/execute-api/abc/live/things'],
    ['the path of a function URL', '127.0.0.1:4566', '/_aws/lambda-url/abc/'],
    ['the host of an API', 'abc.execute-api.us-east-1.amazonaws.com', '/'],
    ['the host of a function URL', 'abc.lambda-url.us-east-1.on.aws', '/'],
  ])('everybody who asks for %s', (_, host, url) => {
    expect(refuses({ host, origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' }, url)).toBe(false);
  });
});

describe('an answer may be read', () => {
  const ALLOW = 'access-control-allow-origin';
  const mine = { origin: 'http://localhost:3000' };

  it('by no page, unless it is of this machine', () => {
    expect(sharedWith(asked({}), ALLOW, '*')).toBeUndefined();
    expect(sharedWith(asked({}), 'access-control-allow-headers', '*')).toBeUndefined();
    expect(sharedWith(asked(mine), ALLOW, '*')).toBe('http://localhost:3000');
    expect(sharedWith(asked(mine), 'access-control-allow-headers', '*')).toBe('*');
  });

  it('by the pages that a bucket names', () => {
    expect(sharedWith(asked(mine), ALLOW, 'http://localhost:3000')).toBe('http://localhost:3000');
  });

  it('of an API by whom the API lets', () => {
    expect(sharedWith(asked({ origin: 'https://shop.example' }, '/_aws/execute-api/a/live'), ALLOW, '*')).toBe('*');
  });

  it('otherwise as it is', () => {
    expect(sharedWith(asked({}), 'content-type', 'text/plain')).toBe('text/plain');
  });
});
