import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CodeCommitClient, CreateRepositoryCommand, GetRepositoryCommand } from '@aws-sdk/client-codecommit';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { FaultCount, FaultKind } from '../../lib/local/gateway/faults';
import { type ACloud, aCloud, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

interface Sending {
  readonly abortSignal?: AbortSignal;
}

describe('a fault that the gateway injects', () => {
  let at: ACloud;
  /** A client that does not try again. */
  let once: ACloud['client'] & { readonly maxAttempts: 1 };
  beforeAll(async () => {
    at = await aCloud('faults');
    once = { ...at.client, maxAttempts: 1 };
  });
  afterEach(() => faults('DELETE'));
  afterAll(() => at.cloud.stop());

  const faults = async (method = 'GET', rule?: object): Promise<readonly FaultCount[]> => {
    const response = await fetch(`${at.cloud.endpoint}/_seedbed/faults`, { method, body: JSON.stringify(rule) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as FaultCount[];
  };
  const inject = (rule: object) => faults('POST', rule);
  const happened = async () => (await faults()).map((one) => one.happened);

  const parameter = (Name: string) =>
    new SSMClient(at.client).send(new GetParameterCommand({ Name })).then(
      ({ Parameter }) => Parameter?.Value,
      () => undefined,
    );
  const putParameter = (Name: string, options: Sending = {}) =>
    new SSMClient(once).send(new PutParameterCommand({ Name, Value: 'put', Type: 'String' }), options);
  /** Sends a call, and gives it up when the last fault has happened, which is when an answer could be there. */
  async function neverAnswered(send: (options: Sending) => Promise<unknown>): Promise<void> {
    const control = new AbortController();
    const sent = send({ abortSignal: control.signal });
    sent.catch(() => undefined);
    await eventually(async () => ((await happened()).at(-1) === 1 ? true : undefined));
    control.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  }

  describe.each([
    [
      'throttle',
      'TooManyRequestsException',
      'ProvisionedThroughputExceededException',
      'SlowDown',
      'Throttling',
      'ThrottlingException',
    ],
    ['error', 'ServiceException', 'InternalServerError', 'InternalError', 'InternalFailure', 'InternalFailure'],
  ] as const)('of the kind %s', (kind, ofLambda, ofDynamoDb, ofS3, ofQuery, ofOthers) => {
    it.each([
      ['lambda', 'ListFunctions', ofLambda, () => new LambdaClient(once).send(new ListFunctionsCommand({}))],
      ['dynamodb', 'ListTables', ofDynamoDb, () => new DynamoDBClient(once).send(new ListTablesCommand({}))],
      ['s3', 'GetObject', ofS3, () => new S3Client(once).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))],
      [
        'cloudformation',
        'DescribeStacks',
        ofQuery,
        () => new CloudFormationClient(once).send(new DescribeStacksCommand({})),
      ],
      ['ssm', 'PutParameter', ofOthers, () => putParameter('never')],
      [
        'codecommit',
        'GetRepository',
        ofOthers,
        () => new CodeCommitClient(once).send(new GetRepositoryCommand({ repositoryName: 'x' })),
      ],
    ])('is told as %s tells it', async (service, operation, name, send) => {
      await inject({ service, operation, kind });
      const error = await send().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.name).toBe(name);
      expect(error).toMatchObject({ $metadata: { httpStatusCode: kind === 'error' ? 500 : expect.any(Number) } });
      expect(await happened()).toEqual([1]);
      expect(await parameter('never')).toBeUndefined();
    });
  });

  it.each([
    ['no-body', undefined, /UnknownError|Unknown/],
    ['reset', undefined, /socket hang up/],
    ['half-answer', 'put', /aborted/],
  ] as const)('of the kind %s tells nothing of why', async (kind, left, told) => {
    const name = `untold-${kind}`;
    await inject({ service: 'ssm', operation: 'PutParameter', kind });
    await expect(putParameter(name)).rejects.toThrow(told);
    expect(await happened()).toEqual([1]);
    expect(await parameter(name)).toBe(left);
  });

  it('is recognised by the SDK, which tries the call again', async () => {
    await inject({ service: 'dynamodb', operation: 'ListTables', kind: 'throttle', times: 2 });
    await inject({ service: 'dynamodb', operation: 'ListTables', kind: 'error' });
    const { $metadata } = await new DynamoDBClient({ ...at.client, maxAttempts: 4 }).send(new ListTablesCommand({}));
    expect($metadata.attempts).toBe(4);
    expect(await happened()).toEqual([2, 1]);
  });

  it('leaves the caller without an answer, whether the call was carried out or not', async () => {
    await inject({ service: 'ssm', operation: 'PutParameter', kind: 'timeout-before' });
    await neverAnswered((options) => putParameter('before', options));
    expect(await parameter('before')).toBeUndefined();
    await inject({ service: 'ssm', operation: 'PutParameter', kind: 'timeout-after' });
    await neverAnswered((options) => putParameter('after', options));
    expect(await parameter('after')).toBe('put');
    expect(await happened()).toEqual([1, 1]);
  });

  it('leaves a call with a streamed body without an answer', async () => {
    const s3 = new S3Client(once);
    await s3.send(new CreateBucketCommand({ Bucket: 'unheard' }));
    await inject({ service: 's3', operation: 'PutObject', kind: 'timeout-after' });
    const Body = Buffer.alloc(300_000, 'bytes');
    await neverAnswered((options) => s3.send(new PutObjectCommand({ Bucket: 'unheard', Key: 'k', Body }), options));
    const { ContentLength } = await s3.send(new GetObjectCommand({ Bucket: 'unheard', Key: 'k' }));
    expect(ContentLength).toBe(300_000);
  });

  it('leaves a call without an answer that the gateway itself would have answered', async () => {
    const codeCommit = new CodeCommitClient(once);
    await inject({ service: 'codecommit', operation: 'CreateRepository', kind: 'timeout-after' });
    const create = new CreateRepositoryCommand({ repositoryName: 'unheard' });
    await neverAnswered((options) => codeCommit.send(create, options));
    await codeCommit.send(new GetRepositoryCommand({ repositoryName: 'unheard' }));
  });

  describe('that kills a worker', () => {
    const CODE = `
      const { SSMClient, PutParameterCommand } = require('@aws-sdk/client-ssm');
      const ssm = new SSMClient({});
      exports.handler = async ({ name }) => {
        await ssm.send(new PutParameterCommand({ Name: name, Value: 'put', Type: 'String', Overwrite: true }));
        return 'done';
      };`;
    let worker: string;
    beforeAll(async () => {
      const { FunctionArn } = await at.lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'mortal',
          Runtime: 'nodejs20.x',
          Handler: 'index.handler',
          Role: ROLE,
          Code: { ZipFile: aZip({ 'index.js': CODE }) },
        }),
      );
      worker = FunctionArn!;
    });
    const invoke = async (name: string) => {
      const { FunctionError, Payload } = await new LambdaClient(at.client).send(
        new InvokeCommand({ FunctionName: 'mortal', Payload: JSON.stringify({ name }) }),
      );
      return { FunctionError, payload: JSON.parse(Buffer.from(Payload!).toString('utf8')) };
    };

    it.each([
      ['before its call is done', 'kill-before', undefined],
      ['after its call was done', 'kill-after', 'put'],
    ] as const)('kills it %s, which Lambda tells as on AWS', async (_when, kind: FaultKind, value) => {
      await inject({ service: 'ssm', operation: 'PutParameter', caller: 'mortal', kind });
      expect(await invoke(kind)).toEqual({
        FunctionError: 'Unhandled',
        payload: {
          errorType: 'Runtime.ExitError',
          errorMessage: expect.stringMatching(/^RequestId: [\w-]+ Error: Runtime exited with error: signal: killed$/),
        },
      });
      expect(await parameter(kind)).toBe(value);
      expect(await happened()).toEqual([1]);
      expect((await invoke(kind)).payload).toBe('done');
    });

    it('is an error that a state machine can retry by name', async () => {
      const steps = new SFNClient(at.client);
      const definition = {
        StartAt: 'Work',
        States: {
          Work: {
            Type: 'Task',
            Resource: worker,
            End: true,
            Retry: [{ ErrorEquals: ['Runtime.ExitError'], IntervalSeconds: 1, MaxAttempts: 1 }],
          },
        },
      };
      const { stateMachineArn } = await steps.send(
        new CreateStateMachineCommand({
          name: 'mortals',
          roleArn: ROLE,
          definition: JSON.stringify(definition),
        }),
      );
      await inject({ service: 'ssm', operation: 'PutParameter', caller: 'mortal', kind: 'kill-before' });
      const input = JSON.stringify({ name: 'retried' });
      const { executionArn } = await steps.send(new StartExecutionCommand({ stateMachineArn, input }));
      const status = await eventually(async () => {
        const execution = await steps.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status === 'RUNNING' ? undefined : execution.status;
      });
      expect([status, await happened(), await parameter('retried')]).toEqual(['SUCCEEDED', [1], 'put']);
    });

    it('leaves its event to the next worker', async () => {
      const events = new EventBridgeClient(at.client);
      await events.send(new PutRuleCommand({ Name: 'mortal', EventPattern: JSON.stringify({ source: ['test'] }) }));
      const leave = { FunctionName: worker, StatementId: 'rule', Action: 'lambda:InvokeFunction' };
      await new LambdaClient(at.client).send(new AddPermissionCommand({ ...leave, Principal: 'events.amazonaws.com' }));
      const Targets = [{ Id: 'f', Arn: worker, Input: JSON.stringify({ name: 'delivered' }) }];
      await events.send(new PutTargetsCommand({ Rule: 'mortal', Targets }));
      await inject({ service: 'ssm', operation: 'PutParameter', caller: 'mortal', kind: 'kill-before' });
      await events.send(new PutEventsCommand({ Entries: [{ Source: 'test', DetailType: 'test', Detail: '{}' }] }));
      expect(await eventually(() => parameter('delivered'))).toBe('put');
      expect(await happened()).toEqual([1]);
    });

    it('kills nobody else: another program only loses its connection', async () => {
      await inject({ service: 'ssm', operation: 'PutParameter', kind: 'kill-after' });
      await expect(putParameter('mine')).rejects.toThrow();
      expect(await parameter('mine')).toBe('put');
      expect(await faults()).toMatchObject([{ seen: 1, happened: 0 }]);
      expect((await invoke('still-to-kill')).FunctionError).toBe('Unhandled');
      expect(await faults()).toMatchObject([{ seen: 2, happened: 1 }]);
    });
  });

  it('happens only to the calls that match its rule', async () => {
    const list = () =>
      new LambdaClient(once).send(new ListFunctionsCommand({})).then(
        () => 'done',
        () => 'failed',
      );
    await inject({ service: 'lambda', operation: 'ListFunctions', kind: 'error', caller: 'somebody-else' });
    await inject({ service: 'lambda', operation: 'ListFunctions', kind: 'error', functionName: 'one' });
    await inject({ service: 'lambda', operation: 'ListFunctions', kind: 'error', about: 'another-function' });
    expect(await list()).toBe('done');
    await faults('DELETE');
    await inject({ service: 'lambda', operation: 'ListFunctions', kind: 'error', caller: ':root', skip: 1, times: 2 });
    await inject({ service: 'ssm', operation: 'PutParameter', kind: 'throttle', about: '"two"' });
    await putParameter('one');
    await expect(putParameter('two')).rejects.toThrow('Rate exceeded');
    expect([await list(), await list(), await list(), await list()]).toEqual(['done', 'failed', 'failed', 'done']);
    expect(await faults()).toMatchObject([
      { seen: 4, happened: 2 },
      { seen: 1, happened: 1 },
    ]);
  });

  it('finds the operation of a query protocol in the body', async () => {
    await inject({ service: 'sts', operation: 'AssumeRole', kind: 'throttle' });
    const sts = new STSClient(once);
    const assume = new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'session' });
    await expect(sts.send(assume)).rejects.toMatchObject({ name: 'Throttling' });
    expect((await sts.send(assume)).Credentials?.AccessKeyId).toBeDefined();
  });

  it('is refused if its rule is invalid, with the reason', async () => {
    await expect(inject({ service: 'lambda', operation: 'Invoke', kind: 'slow' })).rejects.toThrow(
      'expected one of "throttle"|"error"|"no-body"|"reset"|"half-answer"|"timeout-before"|"timeout-after"|"kill-before"|"kill-after"',
    );
  });
});
