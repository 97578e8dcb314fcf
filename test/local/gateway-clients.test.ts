import { createServer, type Server } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { readBody } from '../../lib/local/calls/read-body';
import { Gateway } from '../../lib/local/gateway/gateway';
import { PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** An empty SETTINGS frame, with which every client of HTTP/2 begins. */
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const GARBAGE = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 151 + 7) % 256)).toString('latin1');
const MEGABYTE = 'x'.repeat(1_000_000);
const UPGRADE = 'GET /socket HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';

const post = (path: string, ...headers: string[]) =>
  ['POST ', path, ' HTTP/1.1\r\nhost: localhost\r\n', ...headers.map((header) => `${header}\r\n`), '\r\n'].join('');
const signed = (service: string) =>
  `authorization: AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/${service}/aws4_request, Signature=0`;
const TEN_BYTES = 'content-length: 10';
const CHUNKED = 'transfer-encoding: chunked';
const DOUBLE = `x-amz-target: Double_20260101.Echo\r\n${signed('double')}`;

/** What is no request, and what is answered once the client has ended its half of the connection; '' is nothing. */
const BROKEN: readonly [what: string, bytes: string, answered: string][] = [
  ['not a byte', '', ''],
  ['one byte', 'P', ''],
  ['half a request line', 'GET /half', 'HTTP/1.1 400 Bad Request'],
  ['half of the headers', 'GET / HTTP/1.1\r\nhost: localhost\r\nhalf', 'HTTP/1.1 400 Bad Request'],
  ['a header of a megabyte', post('/', `long: ${MEGABYTE}`), 'HTTP/1.1 431 Request Header Fields Too Large'],
  ['a path of a megabyte', post(`/${MEGABYTE}`), 'HTTP/1.1 431 Request Header Fields Too Large'],
  ['a request line of binary', `${GARBAGE}\r\n\r\n`, 'HTTP/1.1 400 Bad Request'],
  ['the greeting of TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 'HTTP/1.1 400 Bad Request'],
  ['a method that there is not', 'PRIVATE / HTTP/1.1\r\nhost: localhost\r\n\r\n', SETTINGS],
  ['CONNECT', 'CONNECT x:443 HTTP/1.1\r\nhost: localhost\r\n\r\n', ''],
  ['an expectation that nobody can meet', post('/', 'expect: wonders'), 'HTTP/1.1 417 Expectation Failed'],
  ['two lengths', post('/', TEN_BYTES, 'content-length: 11'), 'HTTP/1.1 400 Bad Request'],
  ['half a body, to the emulator', `${post('/', TEN_BYTES)}half`, 'HTTP/1.1 400 Bad Request'],
  ['half a body, to a double', `${post('/', DOUBLE, TEN_BYTES)}half`, 'HTTP/1.1 400 Bad Request'],
  ['half a body, to a handler', `${post('/handled', TEN_BYTES)}half`, 'HTTP/1.1 400 Bad Request'],
  ['chunks of garbage, to the emulator', `${post('/', CHUNKED)}${GARBAGE}`, 'HTTP/1.1 400 Bad Request'],
  ['chunks of garbage, to a double', `${post('/', DOUBLE, CHUNKED)}${GARBAGE}`, 'HTTP/1.1 400 Bad Request'],
  ['chunks of garbage, to a handler', `${post('/handled', CHUNKED)}${GARBAGE}`, 'HTTP/1.1 400 Bad Request'],
  ['garbage after a request', `${post('/handled', 'content-length: 0')}${GARBAGE}`, 'HTTP/1.1 400 Bad Request'],
  ['an upgrade', UPGRADE, 'HTTP/1.1 101 Switching Protocols'],
  ['half of the preface of HTTP/2', 'PRI * HTTP/2', SETTINGS],
  ['the preface of HTTP/2', PREFACE, SETTINGS],
  ['the preface of HTTP/2, then garbage', `${PREFACE}${GARBAGE}`, SETTINGS],
  ['the preface of HTTP/2, then garbage later', `${PREFACE}${SETTINGS}${GARBAGE}`, SETTINGS],
];

/** Odd requests, but whole ones. */
const ODD: readonly [what: string, bytes: string, answered: string][] = [
  ['a path of two slashes', post('//', 'connection: close'), 'HTTP/1.1 200 OK'],
  ['a tab in its path', post('/a\tb', 'connection: close'), 'HTTP/1.1 400 Bad Request'],
  ['bytes above 127 in its path', post('/\xff\xfe', 'connection: close'), 'HTTP/1.1 400 Bad Request'],
  ['a URL without a host', post('http://[', 'connection: close'), 'HTTP/1.1 200 OK'],
  [
    'half a character in the name of a function',
    post('/2015-03-31/functions/%E0%A4/code', signed('lambda'), 'connection: close'),
    'HTTP/1.1 200 OK',
  ],
  ['a service named as a part of JavaScript', post('/', signed('constructor'), 'connection: close'), 'HTTP/1.1 200 OK'],
  [
    'an operation named as a part of JavaScript',
    post('/', 'x-amz-target: Double_20260101.toString', 'connection: close'),
    'HTTP/1.1 501 Not Implemented',
  ],
  [
    'a body that is not JSON, to a double',
    `${post('/', DOUBLE, TEN_BYTES, 'connection: close')}0123456789`,
    'HTTP/1.1 400 Bad Request',
  ],
  [
    'JSON that is not an object, to a double',
    `${post('/', DOUBLE, TEN_BYTES, 'connection: close')}      null`,
    'HTTP/1.1 400 Bad Request',
  ],
];

describe('the gateway goes on', () => {
  const reported: string[] = [];
  let gateway: Gateway;
  let port: number;
  let emulator: Server;

  beforeAll(async () => {
    emulator = anEmulator();
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    const emulatorPort = (emulator.address() as AddressInfo).port;
    gateway = new Gateway('111122223333', 'us-east-1', (during, error) => reported.push(`${during}: ${error}`));
    gateway.connect(new EmulatorClient(emulatorPort, async () => ({})), {
      port: emulatorPort,
      doorKey: '',
      guard: process.pid,
    });
    gateway.add({
      target: 'Double_20260101',
      operations: { Echo: async (input) => input },
      rights: () => [],
      others: 'refuse',
    });
    gateway.handle('/handled', async (request, response) => {
      response.end(await readBody(request));
    });
    gateway.handle('/endless', async (_request, response) => {
      response.writeHead(200).write(MEGABYTE);
    });
    port = await gateway.listen(0);
  });
  afterEach(async () => {
    for (const body of ['one', 'two'])
      for (const path of ['/handled', '/']) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body });
        expect(await answer.text()).toBe(path === '/' ? `the emulator has: ${body}` : body);
      }
    expect(reported.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await gateway.close();
    emulator.closeAllConnections();
    emulator.close();
  });

  describe('when a client', () => {
    it.each(ODD)('sends %s', async (_, bytes, answered) => {
      expect(await startOf(await aClient(port, bytes), answered.length)).toBe(answered);
    });

    it.each(BROKEN)('sends %s and ends', async (_, bytes, answered) => {
      const socket = await aClient(port, bytes);
      socket.end();
      expect(await startOf(socket, answered.length)).toBe(answered);
    });

    it.each([...BROKEN, ...ODD])('sends %s and resets the connection', async (_, bytes) => {
      const socket = await aClient(port, bytes);
      socket.resetAndDestroy();
      await roundTrip(port);
    });

    it.each([...BROKEN, ...ODD])('sends %s and then nothing more', async (_, bytes) => {
      const socket = await aClient(port, bytes);
      await roundTrip(port);
      socket.destroy();
    });

    it('sends its header a byte at a time', async () => {
      const socket = await aClient(port, '');
      for (const byte of 'POST / HTTP/1.1\r\nslow: loris'.repeat(3)) {
        await new Promise((resolve) => socket.write(byte, resolve));
        await new Promise(setImmediate);
      }
      await roundTrip(port);
      socket.destroy();
    });

    it('piles up requests on one connection', async () => {
      const pile = `${post('/handled', TEN_BYTES)}0123456789`.repeat(1000);
      const socket = await aClient(port, pile + post('/handled', 'connection: close', 'content-length: 0'));
      expect((await startOf(socket, Number.POSITIVE_INFINITY)).split('0123456789')).toHaveLength(1001);
    });

    it.each(['/handled', '/'])('piles up requests of %s and resets the connection', async (path) => {
      const socket = await aClient(port, `${post(path, TEN_BYTES)}0123456789`.repeat(200));
      await new Promise((resolve) => socket.once('data', resolve));
      socket.resetAndDestroy();
      await roundTrip(port);
    });

    it.each(['/endless', '/emulator-endless', '/socket'])('resets the connection in the middle of %s', async (path) => {
      const socket = await aClient(port, path === '/socket' ? UPGRADE : post(path, 'content-length: 0'));
      await new Promise((resolve) => socket.once('data', resolve));
      socket.resetAndDestroy();
      await roundTrip(port);
    });

    it.each(['/handled', '/', '/endless', '/emulator-endless'])('resets a request of HTTP/2 to %s', async (path) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`);
      const stream = session.request({ ':method': 'POST', ':path': path });
      stream.on('error', () => undefined);
      if (path.endsWith('endless')) await new Promise((resolve) => stream.end().once('data', resolve));
      else await new Promise((resolve) => stream.write('half', resolve));
      stream.close(constants.NGHTTP2_CANCEL);
      await new Promise((resolve) => stream.once('close', resolve));
      const next = session.request({ ':method': 'POST', ':path': '/handled' }).end('still there');
      expect(await textOf(next)).toBe('still there');
      session.destroy();
      await roundTrip(port);
    });

    it.each([
      ['POST', '/a b', 400],
      ['POST', '', 400],
      ['POST', 'x://[', 200],
      ['SO SO', '/', 400],
      ['CONNECT', '', 405],
    ])('asks by HTTP/2 with the method "%s" for "%s"', async (method, path, status) => {
      const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => undefined);
      const stream = session.request(
        method === 'CONNECT' ? { ':method': method, ':authority': 'x' } : { ':method': method, ':path': path },
      );
      const answered = new Promise((resolve) => {
        stream.once('response', (headers) => resolve(headers[':status']));
        // What no request of HTTP/2 may look like is refused by node itself.
        stream.once('error', () => resolve(status));
        stream.once('close', () => resolve(status));
      });
      stream.end('body');
      expect(await answered).toBe(status);
      session.destroy();
    });
  });

  describe('when the emulator', () => {
    it('ends in the middle of a short answer', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/emulator-breaks-error`, { method: 'POST' });
      expect(answer.status).toBe(503);
    });

    it('ends in the middle of a long answer', async () => {
      const answer = fetch(`http://127.0.0.1:${port}/emulator-breaks`, { method: 'POST' });
      await expect(answer.then((whole) => whole.text())).rejects.toThrow();
    });

    it('ends before it answers', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/emulator-silent`, { method: 'POST' });
      expect(answer.status).toBe(503);
    });

    it('answers what HTTP/2 cannot say', async () => {
      const session = connectHttp2(`http://127.0.0.1:${port}`);
      const stream = session.request({ ':method': 'POST', ':path': '/emulator-odd' }).end();
      const status = new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
      await textOf(stream);
      expect(await status).toBe(200);
      session.destroy();
    });
  });
});

/** Stands for the emulator: says what it was sent, and misbehaves if it is asked to. */
function anEmulator(): Server {
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (url === '/_seedbed/signature') return void response.end('{}');
    if (url === '/emulator-endless') return void response.writeHead(200).write(MEGABYTE);
    if (url === '/emulator-silent') return void request.socket.destroy();
    if (url === '/emulator-breaks-error' || url === '/emulator-breaks') {
      response.writeHead(url === '/emulator-breaks' ? 200 : 400, { 'content-length': 100 }).write('half');
      return void setImmediate(() => request.socket.destroy());
    }
    if (url === '/emulator-odd') return void response.writeHead(200, { 'http2-settings': 'x', upgrade: 'h2c' }).end();
    const body = await readBody(request).catch(() => undefined);
    if (body !== undefined) response.end(`the emulator has: ${body}`);
  });
  return server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello');
    socket.on('end', () => socket.end());
    socket.resume();
  });
}

/** Connects and sends; whatever comes of it is no error of the test's. */
async function aClient(port: number, bytes: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(bytes, 'latin1');
  return socket;
}

/** Resolves when the gateway has had the time to see what came before. */
async function roundTrip(port: number): Promise<void> {
  for (let time = 0; time < 3; time += 1) await (await fetch(`http://127.0.0.1:${port}/handled`)).text();
}

/** @returns as many bytes as are asked for of what a client receives; for 0, everything until the connection ends. */
async function startOf(socket: Socket, length: number): Promise<string> {
  let text = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (length > 0 && text.length >= length) resolve();
    });
    socket.once('end', resolve).once('close', resolve);
  });
  socket.destroy();
  return length > 0 ? text.slice(0, length) : text;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const part of stream) text += part;
  return text;
}
