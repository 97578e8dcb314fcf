import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmulatorClient } from '../../lib/local/calls/emulator-client';
import { readJson } from '../../lib/local/calls/read-body';
import { Gateway } from '../../lib/local/gateway/gateway';

interface Compared {
  readonly input: { readonly wrong?: boolean };
  readonly output?: { readonly wrong?: boolean };
}

/** An emulator that finds wrong what says of itself that it is. */
const anEmulator = () =>
  createServer(async (request, response) => {
    const asked = await readJson(request);
    if (request.url === '/_seedbed/signature') return void response.end('{}');
    const { input, output } = asked as Compared;
    const status = output?.wrong ? 500 : input.wrong ? 400 : undefined;
    response.end(JSON.stringify(status ? { code: `Wrong${status}`, message: request.url, status } : {}));
  });

describe('what the gateway answers itself', () => {
  let gateway: Gateway;
  let emulator: Server;
  let endpoint: string;
  const carriedOut: unknown[] = [];

  beforeAll(async () => {
    emulator = anEmulator();
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    const { port } = emulator.address() as AddressInfo;
    gateway = new Gateway('111122223333', 'us-east-1');
    gateway.connect(new EmulatorClient(port, async () => ({})), { port, doorKey: '', guard: process.pid });
    const service = {
      operations: {
        Echo: async (input: { answer: unknown }) => {
          carriedOut.push(input);
          return input.answer;
        },
      },
      rights: () => [],
      others: 'refuse',
    } as const;
    gateway.add({ ...service, target: 'Modelled_20260101', model: 'modelled' });
    gateway.add({ ...service, target: 'Double_20260101' });
    endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  });
  afterEach(() => carriedOut.splice(0));
  afterAll(async () => {
    await gateway.close();
    emulator.closeAllConnections();
    emulator.close();
  });

  const call = async (target: string, input: object) => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/any/aws4_request, Signature=0';
    const headers = { authorization, 'x-amz-target': `${target}_20260101.Echo` };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
    return { status: answer.status, body: await answer.json() };
  };

  it('is not carried out if its input breaks the model', async () => {
    const { status, body } = await call('Modelled', { wrong: true });
    expect({ status, body }).toEqual({ status: 400, body: { __type: 'Wrong400', message: '/_seedbed/model' } });
    expect(carriedOut).toEqual([]);
  });

  it('fails if the answer breaks the model', async () => {
    expect(await call('Modelled', { answer: { wrong: true } })).toMatchObject({
      status: 500,
      body: { __type: 'Wrong500' },
    });
    expect(carriedOut).toHaveLength(1);
  });

  it('is answered if both keep to the model, and if AWS has no model of it', async () => {
    expect(await call('Modelled', { answer: { a: 1 } })).toEqual({ status: 200, body: { a: 1 } });
    expect(await call('Double', { wrong: true, answer: { a: 1 } })).toEqual({ status: 200, body: { a: 1 } });
  });
});
