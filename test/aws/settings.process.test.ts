import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { lambdaClient } from '../../lib/aws/clients/lambda';

let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: number;
let server: Server;
let options: { readonly endpoint: string; readonly region: string; readonly credentials: object };

beforeEach(async () => {
  asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  options = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
});
afterEach(() => {
  jest.useRealTimers();
  server.closeAllConnections();
  server.close();
});

const client = (answerWithin?: number) => lambdaClient({ ...(options as object), answerWithin });
const timersAreFake = () => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
/** Lets requests arrive, and then a moment pass, as long as that is so. */
async function timePasses(whileSo: () => boolean): Promise<void> {
  while (whileSo()) {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (whileSo()) await jest.advanceTimersByTimeAsync(100);
  }
}

describe('a client', () => {
  it('gives up a call that nobody answers, and tries again', async () => {
    answer = (_request, response) => {
      if (asked > 1) response.end('{"Configuration":{"FunctionName":"f"}}');
    };
    timersAreFake();
    const call = client().send(new GetFunctionCommand({ FunctionName: 'f' }));
    await timePasses(() => asked < 2);
    const { Configuration } = await call;
    expect([Configuration?.FunctionName, asked]).toEqual(['f', 2]);
  });

  it('fails by a name that state machines retry, if nobody ever answers', async () => {
    answer = () => undefined;
    timersAreFake();
    let isOver = false;
    const call = client().send(new GetFunctionCommand({ FunctionName: 'f' }));
    const over = () => {
      isOver = true;
    };
    call.then(over, over);
    await timePasses(() => !isOver);
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked).toBe(5);
  });

  it('waits for what it invokes, if told to', async () => {
    let finish: (() => void) | undefined;
    answer = (_request, response) => {
      finish = () => response.end('"done"');
    };
    timersAreFake();
    const call = client(0).send(new InvokeCommand({ FunctionName: 'f' }));
    while (!finish) await new Promise((resolve) => setImmediate(resolve));
    await jest.advanceTimersByTimeAsync(15 * 60_000);
    finish();
    const { Payload } = await call;
    expect([Payload?.transformToString(), asked]).toEqual(['"done"', 1]);
  });

  it('leaves a worker of 30 seconds time for another attempt', async () => {
    const handler = lambdaClient(options as object).config.requestHandler as unknown as {
      configProvider: Promise<{ requestTimeout: number; connectionTimeout: number; throwOnRequestTimeout: boolean }>;
    };
    const { requestTimeout, connectionTimeout, throwOnRequestTimeout } = await handler.configProvider;
    expect({ requestTimeout, connectionTimeout, throwOnRequestTimeout }).toEqual({
      requestTimeout: 10_000,
      connectionTimeout: 2_000,
      throwOnRequestTimeout: true,
    });
  });
});
