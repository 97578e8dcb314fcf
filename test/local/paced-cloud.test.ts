import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { awsPace, LONGEST, type Pace } from '../../lib/local/pace/pace';
import { type ACloud, aCloud, aZip, CloudClock, eventually, IMPATIENT, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const NOTHING: Pace = {
  ...{ 'lambda-update-function-code': 0, lambda: 0, s3: 0, cloudformation: 0, others: 0 },
  ...{ 'function-change': 0, 'stack-operation': 0, 'stack-function': 0 },
};

describe('a local cloud at a pace', () => {
  const clock = new CloudClock();
  let at: ACloud;
  let cloudFormation: CloudFormationClient;
  beforeAll(async () => {
    at = await aCloud('paced', { speed: 1, clock, clockFile: clock.file });
    cloudFormation = new CloudFormationClient(at.client);
  });
  afterEach(() => at.cloud.setPace(undefined));
  afterAll(async () => {
    await at.cloud.stop();
    clock.remove();
  });

  it('answers no sooner than the latency says', async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new ListBucketsCommand({})); // connected
    await at.cloud.setPace({ ...NOTHING, s3: 300 });
    const begun = performance.now();
    await s3.send(new ListBucketsCommand({}));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(299); // timers of node may be a fraction early
  });

  it('lets nobody else wait for a call that takes long', async () => {
    await at.cloud.setPace({ ...NOTHING, s3: LONGEST });
    const gone = new AbortController();
    const waiting = new S3Client(at.client).send(new ListBucketsCommand({}), { abortSignal: gone.signal });
    await expect(new LambdaClient(at.client).send(new ListFunctionsCommand({}))).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200 },
    });
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('has its functions and versions in progress for so long, whatever the speed', async () => {
    const lambda = new LambdaClient(at.client);
    const code = (text: string) => ({ ZipFile: aZip({ 'index.js': `exports.handler = async () => '${text}'` }) });
    await at.cloud.setPace({ ...NOTHING, 'function-change': 60_000 });
    const FunctionName = 'changing';
    const read = (Qualifier?: string) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: code('one'),
      }),
    );
    clock.windOn(59_000);
    expect(await read()).toMatchObject({ State: 'Pending' });
    clock.windOn(1000);
    expect(await read()).toMatchObject({ State: 'Active' });
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...code('two'), Publish: true }));
    clock.windOn(59_000);
    expect(await read('1')).toMatchObject({ State: 'Pending' });
    clock.windOn(1000);
    expect(await read('1')).toMatchObject({ State: 'Active' });
    expect(await lambda.send(new PublishVersionCommand({ FunctionName }))).toMatchObject({ Version: '1' });
  });

  describe('with stacks', () => {
    const aFunction = (text: string) => ({
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'python3.12',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: `def handler(event, context):\n    return '${text}'\n` },
      },
    });
    const aGroup = (days: number) => ({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: days } });
    const templateOf = (Resources: object) => JSON.stringify({ Resources });
    const statusOf = async (StackName: string) => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0]?.StackStatus ?? '';
    };
    const ended = (StackName: string) =>
      eventually(async () => {
        const status = await statusOf(StackName);
        return status.endsWith('_IN_PROGRESS') ? undefined : status;
      });
    const create = (StackName: string, resources: object) =>
      cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: templateOf(resources) }));
    const update = (StackName: string, resources: object) =>
      cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: templateOf(resources) }));

    it('takes no less for an operation and each function than the pace says', async () => {
      await at.cloud.setPace({ ...NOTHING, 'stack-operation': 400, 'stack-function': 300 });
      const begun = performance.now();
      await create('slow', { One: aFunction('one'), Two: aFunction('two') });
      expect(await ended('slow')).toBe('CREATE_COMPLETE');
      expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
    });

    it('waits for no function that does not change', async () => {
      await create('steady', { One: aFunction('one'), Group: aGroup(1) });
      await ended('steady');
      await at.cloud.setPace({ ...NOTHING, 'stack-function': LONGEST });
      await update('steady', { One: aFunction('one'), Group: aGroup(3) });
      expect(await ended('steady')).toBe('UPDATE_COMPLETE');
    });

    it('can be asked meanwhile, and an update be cancelled', async () => {
      await create('cancelled', { Group: aGroup(1), Other: aGroup(1) });
      await ended('cancelled');
      await at.cloud.setPace({ ...NOTHING, 'stack-operation': LONGEST });
      await update('cancelled', { Group: aGroup(3), Other: aGroup(3) });
      expect(await statusOf('cancelled')).toBe('UPDATE_IN_PROGRESS');
      await cloudFormation.send(new CancelUpdateStackCommand({ StackName: 'cancelled' }));
      await at.cloud.setPace(undefined);
      expect(await ended('cancelled')).toBe('UPDATE_ROLLBACK_COMPLETE');
    });

    it('takes its time to delete one, too', async () => {
      await create('deleted', { Group: aGroup(1) });
      await ended('deleted');
      await at.cloud.setPace({ ...NOTHING, 'stack-operation': LONGEST });
      await cloudFormation.send(new DeleteStackCommand({ StackName: 'deleted' }));
      await eventually(async () => (await statusOf('deleted')) === 'DELETE_IN_PROGRESS' || undefined);
      await at.cloud.setPace(undefined);
      await expect(
        eventually(async () => ((await statusOf('deleted')) === 'DELETE_COMPLETE' ? true : undefined)),
      ).rejects.toThrow('does not exist');
    });
  });

  it('tells its pace, and refuses one that cannot be', async () => {
    const ask = (method: string, body?: object) =>
      fetch(`${at.cloud.endpoint}/_seedbed/pace`, { method, body: body && JSON.stringify(body) });
    expect(await (await ask('GET')).json()).toBeNull();
    expect(await (await ask('PUT', awsPace())).json()).toEqual(awsPace());
    const refused = await ask('PUT', { ...awsPace(), s3: -1 });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('s3')]);
    expect(await (await fetch(`${at.cloud.endpoint}/_seedbed/status`)).json()).toMatchObject({ pace: awsPace() });
    expect(await (await ask('DELETE')).json()).toBeNull();
  });
});

it('answers a call that comes too fast after the latency of others', async () => {
  const quotas = { figures: { ...IMPATIENT.figures, 'lambda-calls': { burst: 1, perSecond: 1 } } };
  const { cloud, client } = await aCloud('refusing', { quotas, rateClock: () => 0 });
  try {
    const lambda = new LambdaClient({ ...client, maxAttempts: 1 });
    await lambda.send(new ListFunctionsCommand({}));
    await cloud.setPace({ ...NOTHING, others: 200, lambda: LONGEST });
    const begun = performance.now();
    await expect(lambda.send(new ListFunctionsCommand({}))).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199);
  } finally {
    await cloud.stop();
  }
});
