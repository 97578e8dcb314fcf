import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type LoadAnswer, startLoad } from '../../lib/local/load';

let answer: (response: ServerResponse, nth: number) => void;
let server: Server;
let url: string;

beforeAll(async () => {
  let nth = 0;
  server = createServer((_request, response) => {
    nth += 1;
    answer(response, nth);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const classify = ({ status, body }: LoadAnswer) => (status === 200 ? body : undefined);

describe('a load', () => {
  it('sends requests at its rate, however slowly they are answered', async () => {
    const waiting: ServerResponse[] = [];
    answer = (response) => {
      waiting.push(response);
      // Nobody is answered before the tenth has asked.
      if (waiting.length >= 10) for (const one of waiting.splice(0)) one.end('v1');
    };
    const begun = performance.now();
    const load = startLoad({ url, perSecond: 50, classify });
    while ((load.sample().answers.v1 ?? 0) < 20) await pause(5);
    answer = (response) => response.end('v1');
    for (const one of waiting.splice(0)) one.end('v1');
    const { sent, answers, errors, latency } = await load.stop();
    expect(sent).toBeLessThanOrEqual(1 + (50 * (performance.now() - begun)) / 1000);
    expect(answers).toEqual({ v1: sent });
    expect(errors).toBe(0);
    expect(latency.max).toBeGreaterThanOrEqual(latency.median);
  });

  it('lets no more than sixteen wait at once', async () => {
    const waiting: ServerResponse[] = [];
    answer = (response) => void waiting.push(response);
    const load = startLoad({ url, perSecond: 200, classify });
    while (waiting.length < 16) await pause(5);
    await pause(200);
    expect(waiting).toHaveLength(16);
    answer = (response) => response.end('v1');
    for (const one of waiting) one.end('v1');
    expect((await load.stop()).errors).toBe(0);
  });

  it('counts who answered, at any time and since any time', async () => {
    answer = (response) => response.end('v1');
    const load = startLoad({ url, perSecond: 100, classify });
    while (!load.sample().answers.v1) await pause(5);
    answer = (response) => response.end('v2');
    while (!load.sample().answers.v2) await pause(5);
    const since = Date.now();
    while (!load.sample(since).answers.v2) await pause(5);
    expect(load.sample(since)).toEqual({ answers: { v2: expect.any(Number) }, errors: 0 });
    expect(Object.keys((await load.stop()).answers)).toEqual(['v1', 'v2']);
  });

  it('counts answers that nobody expects, and lost ones, and shows some of them', async () => {
    answer = (response, nth) => {
      if (nth % 3 === 0) response.writeHead(502).end('Internal server error');
      else if (nth % 3 === 1) response.destroy();
      else response.end('v1');
    };
    const load = startLoad({ url, perSecond: 100, classify });
    while (load.sample().errors < 6 || !load.sample().answers.v1) await pause(5);
    const { sent, answers, errors, examples, requests } = await load.stop();
    expect(answers.v1! + errors).toBe(sent);
    expect([...examples].sort()).toEqual(['502: Internal server error', 'no answer: socket hang up']);
    expect(requests.filter(({ error }) => error)).toHaveLength(errors);
  });

  it('takes a request that nobody answers for lost', async () => {
    answer = () => undefined;
    const load = startLoad({ url, perSecond: 100, classify, patience: 100 });
    while (load.sample().errors === 0) await pause(5);
    expect((await load.stop()).examples).toEqual(['no answer: 100 ms are over']);
  });

  it.each(['http://example.com/', 'http://localhost:80/', 'https://127.0.0.1/', 'http://127.0.0.1.example.com/'])(
    'is never turned on %s',
    (elsewhere) => {
      expect(() => startLoad({ url: elsewhere, perSecond: 1, classify })).toThrow(
        `a load goes to loopback only (http://127.0.0.1:…), not to ${new URL(elsewhere).origin}`,
      );
    },
  );

  it.each([0, -1, 201, Number.NaN])('refuses a rate of %d', (perSecond) => {
    expect(() => startLoad({ url, perSecond, classify })).toThrow('give more than 0 and at most 200');
  });
});
