import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type ACloud, aCloud, aUsableRole, aZip, eventually, PATIENCE, ROLE } from './a-cloud';
import { askFunctionUrl, letEverybodyIn } from './a-function-url';

jest.setTimeout(PATIENCE);

const answering = (text: string) => aZip({ 'index.js': `exports.handler = async () => '${text}'` });

describe('the emulator behind the launcher', () => {
  let at: ACloud;
  let lambda: LambdaClient;

  beforeAll(async () => {
    at = await aCloud('launcher');
    lambda = at.lambda;
  });
  afterAll(() => at.cloud.stop());

  const create = (FunctionName: string, code = answering('one')) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: code },
      }),
    );
  const publishCode = (FunctionName: string, code: Uint8Array) =>
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code, Publish: true }));
  const invoke = async (FunctionName: string, Qualifier?: string) => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Qualifier }));
    return JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as string;
  };
  /** @returns how a new stack ended, and the event of the first resource that failed. */
  const createStack = async (StackName: string, Resources: object) => {
    const cloudFormation = new CloudFormationClient(at.client);
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify({ Resources }),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const status = await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return /COMPLETE$|FAILED$/.exec(Stacks?.[0]?.StackStatus ?? '')?.input;
    });
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    return { status, failed: StackEvents.findLast((event) => event.ResourceStatus === 'CREATE_FAILED') };
  };

  describe('an alias with routing weights', () => {
    const weigh = (FunctionName: string, weight: number) =>
      lambda.send(
        new UpdateAliasCommand({
          FunctionName,
          Name: 'live',
          FunctionVersion: '1',
          RoutingConfig: { AdditionalVersionWeights: { '2': weight } },
        }),
      );
    const withTwoVersions = async (name: string) => {
      await create(name);
      await lambda.send(new PublishVersionCommand({ FunctionName: name }));
      await publishCode(name, answering('two'));
      await lambda.send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1' }));
    };

    it('sends invocations to both versions', async () => {
      await withTwoVersions('weighted');
      await weigh('weighted', 0.5);
      const answers = new Set<string>();
      for (let count = 0; count < 60; count += 1) answers.add(await invoke('weighted', 'live'));
      expect(answers).toEqual(new Set(['one', 'two']));
      await weigh('weighted', 1);
      expect(await invoke('weighted', 'live')).toBe('two');
      await weigh('weighted', 0);
      expect(await invoke('weighted', 'live')).toBe('one');
    });

    it('applies weights also to other services, and describes the main version', async () => {
      await withTwoVersions('weighted-url');
      await weigh('weighted-url', 1);
      const { FunctionUrl } = await lambda.send(
        new CreateFunctionUrlConfigCommand({ FunctionName: 'weighted-url', Qualifier: 'live', AuthType: 'NONE' }),
      );
      await letEverybodyIn(lambda, 'weighted-url', 'live');
      expect(await askFunctionUrl(at.cloud.endpoint, new URL(FunctionUrl ?? '').host)).toContain('two');
      const described = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: 'weighted-url', Qualifier: 'live' }),
      );
      expect(described.Version).toBe('1');
    });
  });

  describe('publishing', () => {
    it('returns the newest version while code and configuration stay the same', async () => {
      await create('publish');
      const first = await publishCode('publish', answering('two'));
      expect(first).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:publish:1$/) });
      expect(await publishCode('publish', answering('two'))).toMatchObject({ Version: '1' });
      expect(await lambda.send(new PublishVersionCommand({ FunctionName: 'publish' }))).toMatchObject({ Version: '1' });
    });

    it('makes a version if the configuration has changed', async () => {
      await create('publish-config');
      await lambda.send(new PublishVersionCommand({ FunctionName: 'publish-config' }));
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'publish-config', Timeout: 9 }));
      const second = await lambda.send(new PublishVersionCommand({ FunctionName: 'publish-config' }));
      expect(second).toMatchObject({ Version: '2', Timeout: 9 });
    });

    it('refuses if $LATEST is not the code that was named', async () => {
      await create('publish-sha');
      const publish = new PublishVersionCommand({ FunctionName: 'publish-sha', CodeSha256: 'bm90IGl0' });
      await expect(lambda.send(publish)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    });
  });

  it('tells the digest of an image for the hash of a function’s code, also in versions', async () => {
    const image = (letter: string) =>
      `111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${letter.repeat(64)}`;
    const Properties = { FunctionName: 'image', PackageType: 'Image', Role: ROLE, Code: { ImageUri: image('a') } };
    await createStack('image', { It: { Type: 'AWS::Lambda::Function', Properties } });
    const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'image' }));
    expect(CodeSha256).toBe('a'.repeat(64));
    const update = new UpdateFunctionCodeCommand({ FunctionName: 'image', ImageUri: image('b'), Publish: true });
    expect(await lambda.send(update)).toMatchObject({ CodeSha256: 'b'.repeat(64), Version: '1' });
  });

  it('changes nothing in a dry run', async () => {
    const before = await create('dry-run');
    await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'dry-run', ZipFile: answering('two'), DryRun: true }),
    );
    const after = await lambda.send(new GetFunctionCommand({ FunctionName: 'dry-run' }));
    expect(after.Configuration).toMatchObject({ CodeSha256: before.CodeSha256, RevisionId: before.RevisionId });
  });

  describe('code that is not in S3', () => {
    beforeAll(() => new S3Client(at.client).send(new CreateBucketCommand({ Bucket: 'code' })));

    it.each([
      ['code', 'NoSuchKey'],
      ['nowhere', 'NoSuchBucket'],
    ])('is refused in bucket %s with %s', async (S3Bucket, reason) => {
      await create(`missing-${S3Bucket}`);
      const update = new UpdateFunctionCodeCommand({
        FunctionName: `missing-${S3Bucket}`,
        S3Bucket,
        S3Key: 'none.zip',
      });
      await expect(lambda.send(update)).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringContaining(`S3 Error Code: ${reason}`),
      });
    });

    it('fails the stack that needs it', async () => {
      const Code = { S3Bucket: 'code', S3Key: 'none.zip' };
      const Properties = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code };
      const { status, failed } = await createStack('missing', { Api: { Type: 'AWS::Lambda::Function', Properties } });
      expect(status).toBe('ROLLBACK_COMPLETE');
      expect(failed).toMatchObject({
        LogicalResourceId: 'Api',
        ResourceStatusReason: expect.stringContaining('NoSuchKey'),
      });
    });
  });

  it('takes code from the bucket of another account, if that lets it in', async () => {
    await new S3Client(at.client).send(new CreateBucketCommand({ Bucket: 'shared' }));
    const Body = answering('from afar');
    await new S3Client(at.client).send(new PutObjectCommand({ Bucket: 'shared', Key: 'code.zip', Body }));
    const accountId = '444455556666';
    const credentials = { ...at.cloud.root, accessKeyId: accountId };
    const elsewhere = new LambdaClient({ ...at.client, credentials });
    const there = { cloud: { ...at.cloud, accountId } };
    const Role = await aUsableRole(there, { name: 'afar', services: ['lambda'] });
    const Code = { S3Bucket: 'shared', S3Key: 'code.zip' };
    const make = { FunctionName: 'afar', Runtime: 'nodejs20.x', Handler: 'index.handler', Role, Code } as const;
    await expect(elsewhere.send(new CreateFunctionCommand(make))).rejects.toThrow(/denied by S3, .*shared\/code\.zip/);

    const lets = { Effect: 'Allow', Principal: { AWS: accountId }, Action: 's3:GetObject' };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ ...lets, Resource: 'arn:aws:s3:::shared/*' }],
    });
    await new S3Client(at.client).send(new PutBucketPolicyCommand({ Bucket: 'shared', Policy }));
    const { CodeSha256 } = await elsewhere.send(new CreateFunctionCommand(make));
    expect(CodeSha256).toBe(createHash('sha256').update(Body).digest('base64'));
  });

  it('fails the stack whose bucket is named after a missing export', async () => {
    const Properties = { BucketName: { 'Fn::ImportValue': 'not-there' } };
    const { status, failed } = await createStack('unnamed', { Files: { Type: 'AWS::S3::Bucket', Properties } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failed).toMatchObject({
      LogicalResourceId: 'Files',
      ResourceStatusReason: expect.stringContaining("'not-there'"),
    });
  });

  it('lets an invocation finish while its function is updated', async () => {
    let arrived = (_response: ServerResponse) => {};
    const arrival = new Promise<ServerResponse>((resolve) => {
      arrived = resolve;
    });
    const server = createServer((_request, response) => arrived(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asking = `exports.handler = async () => (await fetch('http://127.0.0.1:${port}')).text()`;
    await create('long', aZip({ 'index.js': asking }));

    const running = invoke('long');
    const response = await arrival;
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'long', ZipFile: answering('two') }));
    expect(await invoke('long')).toBe('two');
    response.end('ended as it began');
    expect(await running).toBe('ended as it began');
    server.close();
  });

  it('unpacks what several functions have in common once, and what differs by itself', async () => {
    const telling = (text: string) =>
      aZip({
        'index.js': "exports.handler = async () => require('./lib/told')",
        'lib/told.js': `const { mode, ino } = require('node:fs').statSync(__filename);
          module.exports = { ino, mode: (mode & 0o777).toString(8), text: '${text}' };`,
      });
    await Promise.all([create('told-a', telling('a')), create('told-b', telling('a')), create('told-c', telling('c'))]);
    const [a, b, c] = await Promise.all(['told-a', 'told-b', 'told-c'].map((name) => invoke(name)));
    expect(a).toMatchObject({ mode: '444', text: 'a' });
    expect(b).toEqual(a);
    expect(c).toMatchObject({ mode: '444', text: 'c' });
    expect(c).not.toMatchObject({ ino: (a as unknown as { ino: number }).ino });
  });

  it('gives each function a session of its role', async () => {
    const names = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'ENDPOINT_URL'].map((name) => `AWS_${name}`);
    const handler = `exports.handler = async () => ${JSON.stringify(names)}.map((name) => process.env[name]).join(' ')`;
    await create('who', aZip({ 'index.js': handler }));
    const [accessKeyId = '', secretAccessKey = '', sessionToken, endpoint] = (await invoke('who')).split(' ');
    expect(endpoint).toBe(at.cloud.endpoint);
    await fetch(`${at.cloud.endpoint}/_seedbed/calls`, { method: 'POST' });
    const asTheFunction = new LambdaClient({
      ...at.client,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    });
    await asTheFunction.send(new GetFunctionCommand({ FunctionName: 'who' }));
    expect(await at.cloud.calls()).toMatchObject([
      { operation: 'GetFunction', caller: 'arn:aws:sts::111122223333:assumed-role/anything/who' },
    ]);
  });

  it("begins executions without the emulator's initial wait", async () => {
    const states = new SFNClient(at.client);
    const definition = JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } });
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name: 'prompt', roleArn: ROLE, definition }),
    );
    const beforeFirstState = async () => {
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
      const history = await eventually(async () => {
        const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
        return events.some(({ type }) => type === 'PassStateEntered') ? events : undefined;
      });
      const at = (type: HistoryEvent['type']) => history.find((event) => event.type === type)!.timestamp!.getTime();
      return at('PassStateEntered') - at('ExecutionStarted');
    };
    const waits: number[] = [];
    for (let count = 0; count < 5; count += 1) waits.push(await beforeFirstState());
    // With the wait not one of them could begin earlier, however quick the machine; without it one does on any.
    expect(Math.min(...waits)).toBeLessThan(150);
  });

  it('begins no further item of a Map in which one has failed', async () => {
    const steps = new SFNClient(at.client);
    await create('good');
    const invoke = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'good', Payload: {} },
      End: true,
    };
    const each = {
      StartAt: 'Is it good?',
      States: {
        'Is it good?': {
          Type: 'Choice',
          Choices: [{ Condition: "{% $states.input = 'good' %}", Next: 'Good' }],
          Default: 'Bad',
        },
        Good: invoke,
        Bad: { Type: 'Fail', Error: 'Bad' },
      },
    };
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Each',
      States: { Each: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: each, End: true } },
    };
    const { stateMachineArn } = await steps.send(
      new CreateStateMachineCommand({ name: 'one-by-one', definition: JSON.stringify(definition), roleArn: ROLE }),
    );
    /** How many items were begun that are good: the emulator's history has no states of items, but their tasks. */
    const begun = async (...items: readonly string[]) => {
      const input = JSON.stringify(items);
      const { executionArn } = await steps.send(new StartExecutionCommand({ stateMachineArn, input }));
      return eventually(async () => {
        const { events = [] } = await steps.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
        const hasEnded = events.some(({ type }) => /^Execution(Failed|Succeeded)$/.test(type ?? ''));
        return hasEnded ? events.filter(({ type }) => type === 'TaskScheduled').length : undefined;
      });
    };
    expect(await begun('good', 'good')).toBe(2);
    expect(await begun('good', 'bad', 'good')).toBe(1);
  });

  it.each([
    [
      'role with a bracket in a tag',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: {}, Tags: [{ Key: 'path', Value: 'services/[a]' }] },
      "Value 'services/[a]' at 'tags.1.member.value'",
    ],
    [
      'function with a reserved variable',
      'AWS::Lambda::Function',
      {
        Role: ROLE,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: 'x' },
        Environment: { Variables: { AWS_REGION: 'mine' } },
      },
      'Reserved keys used in this request: AWS_REGION',
    ],
    [
      'state machine with a space in its name',
      'AWS::StepFunctions::StateMachine',
      { StateMachineName: 'a b', RoleArn: ROLE, DefinitionString: '{}' },
      "Invalid Name: 'a b'",
    ],
    [
      'parameter with a bracket in its name',
      'AWS::SSM::Parameter',
      { Name: '/a/[b]', Type: 'String', Value: 'c' },
      'Parameter name: if formed as a path',
    ],
  ])('fails the stack that has a %s', async (_, Type, Properties, told) => {
    const { status, failed } = await createStack(`refused-${Type.split(':').at(-1)}`, { It: { Type, Properties } });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failed?.ResourceStatusReason).toContain(told);
  });

  it('lets only the gateway emit events of AWS services', async () => {
    const Entries = [{ Source: 'aws.codecommit', DetailType: 'x', Detail: '{}' }];
    const { Entries: results } = await new EventBridgeClient(at.client).send(new PutEventsCommand({ Entries }));
    expect(results).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
  });
});
