import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { type ACloud, aCloud, aZip, CloudClock, eventually, ROLE } from './a-cloud';

const answering = (text: string) => aZip({ 'index.js': `exports.handler = async () => '${text}'` });
const SECOND = 1_000;

describe('functions of the local cloud', () => {
  const clock = new CloudClock();
  let at: ACloud;
  let lambda: LambdaClient;

  beforeAll(async () => {
    at = await aCloud('states', { speed: 1, clock, clockFile: clock.file });
    lambda = new LambdaClient(at.client);
  });
  afterAll(async () => {
    await at.cloud.stop();
    clock.remove();
  });

  const create = (FunctionName: string, how: Partial<CreateFunctionCommandInput> = {}) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: answering('one') },
        ...how,
      }),
    );
  /** A function that is ready. */
  const made = async (FunctionName: string, how?: Partial<CreateFunctionCommandInput>) => {
    await create(FunctionName, how);
    clock.windOn(SECOND);
  };
  const update = (FunctionName: string, text: string, Publish = false) =>
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: answering(text), Publish }));
  const publish = (FunctionName: string) => lambda.send(new PublishVersionCommand({ FunctionName }));
  const read = (FunctionName: string, Qualifier?: string) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
  const invoke = async (FunctionName: string, Qualifier?: string) => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Qualifier }));
    return JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as string;
  };
  const inProgress = (name: string) => ({
    name: 'ResourceConflictException',
    message:
      'The operation cannot be performed at this time. ' +
      `An update is in progress for resource: arn:aws:lambda:us-east-1:111122223333:function:${name}`,
  });
  const PENDING = {
    name: 'ResourceConflictException',
    message: expect.stringContaining('The function is currently in the following state: Pending'),
  };

  it('are Pending as they are made, and then can be neither invoked nor changed', async () => {
    expect(await create('new')).toMatchObject({ State: 'Pending', StateReasonCode: 'Creating' });
    await expect(invoke('new')).rejects.toMatchObject(PENDING);
    await expect(update('new', 'two')).rejects.toMatchObject(PENDING);
    await expect(publish('new')).rejects.toMatchObject(PENDING);
    clock.windOn(SECOND);
    expect(await read('new')).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    expect(await invoke('new')).toBe('one');
  });

  it.each([
    ['code', (name: string) => update(name, 'two')],
    [
      'configuration',
      (FunctionName: string) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
    ],
  ])('take no further change while one of their %s is in progress', async (what, change) => {
    const name = `changing-${what}`;
    await made(name);
    expect(await change(name)).toMatchObject({ State: 'Active', LastUpdateStatus: 'InProgress' });
    await expect(update(name, 'three')).rejects.toMatchObject(inProgress(name));
    await expect(
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 8 })),
    ).rejects.toMatchObject(inProgress(name));
    await expect(publish(name)).rejects.toMatchObject(inProgress(name));
    clock.windOn(SECOND);
    expect(await read(name)).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    expect(await publish(name)).toMatchObject({ Version: '1' });
  });

  it('serve the old code until the new one is ready', async () => {
    await made('old');
    expect(await invoke('old')).toBe('one');
    await update('old', 'two');
    expect(await invoke('old')).toBe('one');
    clock.windOn(SECOND);
    expect(await invoke('old')).toBe('two');
  });

  it('have versions that are Pending before they are Active; only then an alias can name them', async () => {
    await made('versioned');
    await publish('versioned');
    clock.windOn(2 * SECOND);
    await lambda.send(new CreateAliasCommand({ FunctionName: 'versioned', Name: 'live', FunctionVersion: '1' }));
    const published = await update('versioned', 'two', true);
    expect(published).toMatchObject({ Version: '2', State: 'Pending', StateReasonCode: 'Creating' });
    clock.windOn(SECOND);
    expect(await read('versioned')).toMatchObject({ LastUpdateStatus: 'Successful' });

    const isPending = {
      name: 'ResourceConflictException',
      message: expect.stringContaining("following state: 'Pending'"),
    };
    const alias = { FunctionName: 'versioned', Name: 'live' };
    const moves = [
      new UpdateAliasCommand({ ...alias, FunctionVersion: '2' }),
      new UpdateAliasCommand({ ...alias, RoutingConfig: { AdditionalVersionWeights: { 2: 0.1 } } }),
    ];
    for (const move of moves) await expect(lambda.send(move)).rejects.toMatchObject(isPending);
    const second = new CreateAliasCommand({ ...alias, Name: 'next', FunctionVersion: '2' });
    await expect(lambda.send(second)).rejects.toMatchObject(isPending);
    await expect(invoke('versioned', '2')).rejects.toMatchObject(PENDING);
    expect(await invoke('versioned', 'live')).toBe('one');

    clock.windOn(SECOND);
    expect(await read('versioned', '2')).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    await lambda.send(second);
    for (const move of moves.reverse()) await lambda.send(move);
    expect(await invoke('versioned', 'live')).toBe('two');
  });

  it('have no alias of a version that is not there', async () => {
    await made('unversioned');
    const alias = new CreateAliasCommand({ FunctionName: 'unversioned', Name: 'live', FunctionVersion: '7' });
    await expect(lambda.send(alias)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:111122223333:function:unversioned:7',
    });
  });

  describe('with SnapStart', () => {
    const snapping = (handler: string) =>
      ({
        Runtime: 'python3.12',
        Handler: 'quote.handler',
        Code: { ZipFile: aZip({ 'quote.py': handler }) },
        SnapStart: { ApplyOn: 'PublishedVersions' },
      }) as const;

    it('have versions that are Pending for minutes', async () => {
      await made('snap', snapping("def handler(event, context):\n    return 'snapped'\n"));
      await publish('snap');
      clock.windOn(100 * SECOND);
      expect(await read('snap', '1')).toMatchObject({ State: 'Pending' });
      clock.windOn(20 * SECOND);
      await eventually(async () => (await read('snap', '1')).State === 'Active' || undefined);
      expect(await invoke('snap', '1')).toBe('snapped');
    });

    it('have versions that fail if they cannot be initialized, and that no alias can name', async () => {
      await made('unsnappable', snapping("raise Exception('no table')\n"));
      await publish('unsnappable');
      clock.windOn(120 * SECOND);
      const failed = await eventually(async () => {
        const found = await read('unsnappable', '1');
        return found.State === 'Pending' ? undefined : found;
      });
      expect(failed).toMatchObject({
        State: 'Failed',
        StateReasonCode: 'FunctionError',
        StateReason: expect.stringContaining('no table'),
        LastUpdateStatus: 'Failed',
      });
      const alias = new CreateAliasCommand({ FunctionName: 'unsnappable', Name: 'live', FunctionVersion: '1' });
      await expect(lambda.send(alias)).rejects.toThrow("'Failed', StateReasonCode: 'FunctionError'");
    });
  });

  describe('in a stack', () => {
    const stack = async (StackName: string, Resources: object) => {
      const cloudFormation = new CloudFormationClient({ ...at.client, maxAttempts: 12 }); // it throttles
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }));
      const status = await eventually(async () => {
        const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
        return /COMPLETE$|FAILED$/.exec(Stacks?.[0]?.StackStatus ?? '')?.input;
      });
      const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      return { status, failed: StackEvents.findLast((event) => event.ResourceStatus === 'CREATE_FAILED') };
    };
    const resources = (name: string, python: string) => ({
      Quote: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: name,
          Runtime: 'python3.12',
          Handler: 'index.handler',
          Role: ROLE,
          Code: { ZipFile: python },
          SnapStart: { ApplyOn: 'PublishedVersions' },
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Quote' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Quote' },
          Name: 'live',
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        },
      },
    });

    it('are waited for: the version is Active before its alias is made', async () => {
      const made = await stack('waits', resources('waits', "def handler(event, context):\n    return 'stacked'\n"));
      expect(made).toEqual({ status: 'CREATE_COMPLETE', failed: undefined });
      expect(await read('waits')).toMatchObject({ State: 'Active' });
      expect(await invoke('waits', 'live')).toBe('stacked');
    });

    it('fail it if their version cannot be initialized', async () => {
      const { status, failed } = await stack('breaks', resources('breaks', "raise Exception('no table')\n"));
      expect(status).toBe('ROLLBACK_COMPLETE');
      expect(failed).toMatchObject({
        LogicalResourceId: 'Version',
        ResourceStatusReason: expect.stringContaining('did not stabilize'),
      });
    });
  });
});
