import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchWithin } from '../../lib/github/fetch-within';

describe('fetchWithin', () => {
  let server: Server | undefined;
  afterEach(() => {
    jest.useRealTimers();
    server?.closeAllConnections();
    server?.close();
  });
  async function serve(respond: (response: ServerResponse) => void): Promise<string> {
    server = createServer((_, response) => respond(response));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  /** Lets the answer begin, if it does, and then the time pass. */
  async function passing(url: string, begun: Promise<void>, milliseconds: number): Promise<unknown> {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const result = fetchWithin()(url).catch((error: Error) => error.name);
    await begun;
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(milliseconds);
    return result;
  }

  it('gives up an answer that does not begin within ten seconds', async () => {
    let arrived = () => {};
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await serve(() => arrived());
    expect(await passing(url, begun, 10_001)).toBe('TimeoutError');
  });

  it('gives up an answer that breaks off half-way', async () => {
    let arrived = () => {};
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"tree": [', () => arrived());
    });
    expect(await passing(url, begun, 20_001)).toBe('TimeoutError');
  });

  it('hands on an answer with status, headers and body', async () => {
    const url = await serve((response) => response.writeHead(201, { 'x-one': '1' }).end('done'));
    const response = await fetchWithin()(url);
    expect([response.status, response.headers.get('x-one'), await response.text()]).toEqual([201, '1', 'done']);
  });

  it('hands on an answer without a body', async () => {
    const url = await serve((response) => response.writeHead(204).end());
    expect((await fetchWithin()(url)).status).toBe(204);
  });
});
