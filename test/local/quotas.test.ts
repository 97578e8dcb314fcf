import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type ACloud, aCloud, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const ACCOUNT = '111122223333';
const OTHER = '444455556666';

/** Says that it runs, and runs until it may end. */
const WAITING = `
const fs = require('node:fs');
exports.handler = async (name) => {
  fs.writeFileSync(process.env.DIRECTORY + '/' + name, '');
  while (!fs.existsSync(process.env.DIRECTORY + '/go')) await new Promise((done) => setTimeout(done, 20));
};
`;

describe('calls that come too fast', () => {
  let at: ACloud;
  let now = 0;
  /** A client that does not try again. */
  let once: ACloud['client'] & { readonly maxAttempts: 1 };
  beforeAll(async () => {
    const accounts = { [OTHER]: { 'lambda-calls': { burst: 2, perSecond: 2 } } };
    at = await aCloud('quotas', { rateClock: () => now, quotas: { accounts } });
    once = { ...at.client, maxAttempts: 1 };
  });
  beforeEach(() => {
    now += 1_000_000; // all buckets are full again
  });
  afterAll(() => at.cloud.stop());

  /** @returns how many of the calls, one after the other, are answered before one is refused, and that error. */
  async function until(call: () => Promise<unknown>, most: number): Promise<readonly [number, unknown]> {
    for (let count = 0; count < most; count += 1) {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error) return [count, error];
    }
    return [most, undefined];
  }
  const refused = (name: string, httpStatusCode: number) =>
    expect.objectContaining({ name, message: 'Rate exceeded', $metadata: expect.objectContaining({ httpStatusCode }) });

  it.each([
    ['Lambda', 15, 'TooManyRequestsException', 429, () => new LambdaClient(once).send(new ListFunctionsCommand({}))],
    [
      'Step Functions',
      100,
      'ThrottlingException',
      400,
      () => new SFNClient(once).send(new ListStateMachinesCommand({})),
    ],
    ['CloudFormation', 5, 'Throttling', 400, () => new CloudFormationClient(once).send(new DescribeStacksCommand({}))],
  ] as const)('are refused as %s does, after %d', async (_service, most, code, status, call) => {
    expect(await until(call, 200)).toEqual([most, refused(code, status)]);
    now += 1000;
    expect(await until(call, 1)).toEqual([1, undefined]);
  });

  it('are tried again by a client, once there are tokens', async () => {
    const lambda = new LambdaClient(once);
    await until(() => lambda.send(new ListFunctionsCommand({})), 100);
    const retrying = new LambdaClient({ ...at.client, maxAttempts: 2 });
    // The clock goes on when the first attempt has been refused.
    retrying.middlewareStack.add(
      (next) => async (args) =>
        next(args).finally(() => {
          now += 1000;
        }),
      { step: 'deserialize' },
    );
    await expect(retrying.send(new ListFunctionsCommand({}))).resolves.toMatchObject({ $metadata: { attempts: 2 } });
  });

  it('of GetFunction have a rate of their own', async () => {
    const lambda = new LambdaClient(once);
    await until(() => lambda.send(new ListFunctionsCommand({})), 100);
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are counted by account, whose quotas can be set', async () => {
    const other = new LambdaClient({ ...once, credentials: { ...at.client.credentials, accessKeyId: OTHER } });
    const [count] = await until(() => other.send(new ListFunctionsCommand({})), 100);
    expect(count).toBe(2);
    const [others] = await until(() => new LambdaClient(once).send(new ListFunctionsCommand({})), 100);
    expect(others).toBe(15);
  });
});

/** @returns what a state machine calls the error of a function that it invokes */
async function errorOfMachine({ client }: ACloud, FunctionName: string): Promise<string | undefined> {
  const states = new SFNClient(client);
  const task = { Type: 'Task', End: true, Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName } };
  const definition = JSON.stringify({ StartAt: 'Invoke', States: { Invoke: task } });
  const made = await states.send(new CreateStateMachineCommand({ name: 'invoking', roleArn: ROLE, definition }));
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: made.stateMachineArn }));
  return eventually(async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).error);
}

describe('executions of functions', () => {
  let at: ACloud;
  let lambda: LambdaClient;
  beforeAll(async () => {
    const two = { figures: { 'lambda-concurrent-executions': 2 } };
    at = await aCloud('executions', { quotas: { account: 'new', accounts: { [ACCOUNT]: two.figures } } });
    lambda = new LambdaClient({ ...at.client, maxAttempts: 1 });
  });
  afterAll(() => at.cloud.stop());

  it('are refused when as many run as the account may have, and tried again if they were asynchronous', async () => {
    const directory = await mkdtemp(join(at.cloud.scratchDir, 'executions-'));
    await at.lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'waiting',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: ROLE,
        Timeout: 300,
        Code: { ZipFile: aZip({ 'index.js': WAITING }) },
        Environment: { Variables: { DIRECTORY: directory } },
      }),
    );
    const invoke = (name: string, InvocationType?: 'Event') =>
      lambda.send(new InvokeCommand({ FunctionName: 'waiting', InvocationType, Payload: JSON.stringify(name) }));
    const isThere = (name: string) => eventually(async () => (await readdir(directory)).includes(name) || undefined);

    const running = [invoke('first'), invoke('second')];
    await Promise.all([isThere('first'), isThere('second')]);
    await expect(invoke('third')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ConcurrentInvocationLimitExceeded',
    });
    expect(await errorOfMachine(at, 'waiting')).toBe('Lambda.TooManyRequestsException');
    expect((await invoke('later', 'Event')).StatusCode).toBe(202);
    await writeFile(join(directory, 'go'), '');
    expect((await Promise.all(running)).map(({ StatusCode }) => StatusCode)).toEqual([200, 200]);
    await isThere('later');
    expect(await readdir(directory)).not.toContain('third');
  });

  it.each([
    [undefined, 2],
    ['444455556666', 10],
  ])('have a quota that account %s is told', async (accessKeyId, most) => {
    const credentials = { ...at.client.credentials, accessKeyId: accessKeyId ?? ACCOUNT };
    const settings = await new LambdaClient({ ...at.client, credentials }).send(new GetAccountSettingsCommand({}));
    expect(settings.AccountLimit).toMatchObject({ ConcurrentExecutions: most, UnreservedConcurrentExecutions: most });
  });
});
