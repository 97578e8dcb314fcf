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
  server.closeAllConnections();
  server.close();
});

const client = (answerWithin: number) => lambdaClient({ ...(options as object), answerWithin });

describe('a client', () => {
  it('gives up a call that nobody answers, and tries again', async () => {
    answer = (_request, response) => {
      if (asked > 1) response.end('{"Configuration":{"FunctionName":"f"}}');
    };
    const { Configuration } = await client(100).send(new GetFunctionCommand({ FunctionName: 'f' }));
    expect([Configuration?.FunctionName, asked]).toEqual(['f', 2]);
  });

  it('fails by a name that state machines retry, if nobody ever answers', async () => {
    answer = () => undefined;
    const call = client(20).send(new GetFunctionCommand({ FunctionName: 'f' }));
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked).toBe(5);
  });

  it('waits for what it invokes, if told to', async () => {
    answer = (_request, response) => void setTimeout(() => response.end('"done"'), 300);
    const { Payload } = await client(0).send(new InvokeCommand({ FunctionName: 'f' }));
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
