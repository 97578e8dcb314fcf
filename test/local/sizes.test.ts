import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetAccountSettingsCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { rootClient } from '../../lib/local/calls/root-client';
import { patientLambda } from '../patient-lambda';
import { type ACloud, aCloud, aUsableRole, aZip, eventually, IMPATIENT, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const OTHER = '444455556666';
/** Has all code that it may have after one test, in whatever order they run. */
const FULL = '777788889999';
const LITTLE = {
  'lambda-variables': 100,
  'lambda-function-policy': 1000,
  'lambda-synchronous-payload': 2000,
  'lambda-asynchronous-payload': 1000,
  'states-data': 1000,
  'states-events': 50,
  'cloudformation-resources': 2,
  'cloudformation-parameters': 1,
  'cloudformation-outputs': 1,
  'cloudformation-template': 2000,
  'cloudformation-template-in-call': 1500,
  'ssm-standard-parameter': 10,
  'ssm-advanced-parameter': 20,
  'iam-role-policies': 300,
  'iam-managed-policy': 200,
  'iam-trust-policy': 400,
};

let at: ACloud;
/** The clients of an account: one has AWS's figures, the other has little of everything. */
let usual: Account;
let little: Account;

/** Calls IAM, for which no SDK is installed. @throws Error named by the code that IAM answers */
async function callIam(accountId: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  const client = rootClient(at.cloud);
  const { status, body } = await client.send({ accessKey: accountId, region: 'us-east-1' }, 'iam', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString(),
  });
  client.close();
  if (status < 300) return;
  const text = body.toString('utf8');
  const part = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  throw Object.assign(new Error(part('Message')), { name: part('Code'), status });
}

const accountOf = (accountId: string) => {
  const credentials = { ...at.client.credentials, accessKeyId: accountId };
  const client = { ...at.client, credentials, maxAttempts: 1 };
  return {
    role: ROLE.replace('111122223333', accountId),
    cloudFormation: new CloudFormationClient(client),
    iam: (parameters: Readonly<Record<string, string>>) => callIam(accountId, parameters),
    lambda: patientLambda(new LambdaClient(client)),
    s3: new S3Client(client),
    ssm: new SSMClient(client),
    steps: new SFNClient(client),
  };
};
type Account = ReturnType<typeof accountOf>;

beforeAll(async () => {
  const accounts = { [OTHER]: LITTLE, [FULL]: { 'lambda-code-storage': 3000 } };
  at = await aCloud('sizes', { quotas: { ...IMPATIENT, accounts } });
  usual = accountOf(at.cloud.accountId);
  little = accountOf(OTHER);
  for (const accountId of [OTHER, FULL])
    await aUsableRole(
      { cloud: { ...at.cloud, accountId } },
      { name: ROLE.split('/')[1]!, services: ['lambda', 'states'] },
    );
}, PATIENCE);
afterAll(() => at.cloud.stop());

const ECHO = aZip({
  'index.js': 'exports.handler = async ({ size, text }) => (size ? "x".repeat(size) : text ?? null);',
});
const createFunction = (account: Account, FunctionName: string, Variables?: Record<string, string>) =>
  account.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: account.role,
      Code: { ZipFile: ECHO },
      ...(Variables && { Environment: { Variables } }),
    }),
  );
/** @returns how a stack ended, and why its first resource failed. */
async function stack(account: Account, StackName: string, template: object) {
  await account.cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await eventually(async () => {
    const { Stacks } = await account.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return /COMPLETE$|FAILED$/.exec(Stacks?.[0]?.StackStatus ?? '') ?? undefined;
  });
  const { StackEvents = [] } = await account.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.findLast((event) => event.ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason;
}

describe('variables of a function', () => {
  const variables = (bytes: number) => ({ TEXT: 'x'.repeat(bytes - '{"TEXT":""}'.length) });
  const told =
    'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
    'exceeded the 4KB limit. String measured: {"TEXT":"xx';

  it('may have 4 KB together, names and all', async () => {
    await createFunction(usual, 'full', variables(4096));
    const refusal = { name: 'InvalidParameterValueException', message: expect.stringContaining(told) };
    await expect(createFunction(usual, 'too-full', variables(4097))).rejects.toMatchObject(refusal);
    const update = { FunctionName: 'full', Environment: { Variables: variables(4097) } };
    await expect(usual.lambda.send(new UpdateFunctionConfigurationCommand(update))).rejects.toMatchObject(refusal);
  });

  it('are refused in a stack too', async () => {
    const Code = { ZipFile: 'exports.handler = async () => null;' };
    const Properties = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code };
    const Environment = { Variables: variables(4097) };
    const F = { Type: 'AWS::Lambda::Function', Properties: { ...Properties, Environment } };
    expect(await stack(usual, 'variables', { Resources: { F } })).toContain(told);
  });

  it('may have what is set', async () => {
    await expect(createFunction(little, 'too-full', variables(101))).rejects.toThrow('String measured');
  });
});

it('has a function say who may invoke it in 20 KB', async () => {
  await createFunction(usual, 'permitted');
  await createFunction(little, 'permitted');
  const permit = (account: Account, StatementId: string, rule = 'x'.repeat(64)) =>
    account.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'permitted',
        StatementId,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: `arn:aws:events:us-east-1:111122223333:rule/${rule}`,
      }),
    );
  const most = async (account: Account) => {
    for (let count = 0; ; count += 1) {
      const error = await permit(account, `statement-${count}`).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      if (error) return [count, error.name, error.message];
    }
  };
  const refusal = (figure: number) =>
    expect.stringMatching(new RegExp(`^The final policy size \\(\\d+\\) is bigger than the limit \\(${figure}\\)\\.$`));
  expect(await most(usual)).toEqual([59, 'PolicyLengthExceededException', refusal(20_480)]);
  expect(await most(little)).toEqual([2, 'PolicyLengthExceededException', refusal(1000)]);
});

describe('a payload', () => {
  const invoke = (account: Account, payload: object, InvocationType?: 'Event') =>
    account.lambda.send(
      new InvokeCommand({ FunctionName: 'echo', InvocationType, Payload: Buffer.from(JSON.stringify(payload)) }),
    );
  const textOf = (bytes: number) => ({ ignored: 'x'.repeat(bytes - '{"ignored":""}'.length) });
  const refusal = (figure: number) => ({
    name: 'RequestEntityTooLargeException',
    message: `Request must be smaller than ${figure} bytes for the InvokeFunction operation`,
    $metadata: { httpStatusCode: 413 },
  });
  beforeAll(() => Promise.all([createFunction(usual, 'echo'), createFunction(little, 'echo')]), PATIENCE);

  it.each([
    ['of a synchronous invocation', undefined, 6_291_456, 2000],
    ['of an asynchronous invocation', 'Event', 1_048_576, 1000],
  ] as const)('%s has a largest size', async (_name, type, figure, set) => {
    await expect(invoke(usual, textOf(figure), type)).resolves.not.toHaveProperty('FunctionError');
    await expect(invoke(usual, textOf(figure + 1), type)).rejects.toMatchObject(refusal(figure));
    await expect(invoke(little, textOf(set + 1), type)).rejects.toMatchObject(refusal(set));
  });

  it('that a function returns has one too', async () => {
    const { FunctionError, Payload } = await invoke(usual, { size: 6_291_456 });
    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(Buffer.from(Payload!).toString('utf8'))).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });
});

it('stores no more code than the account may have, of all versions together', async () => {
  const account = accountOf(FULL);
  const code = async (of: Account) => {
    const { AccountLimit, AccountUsage } = await of.lambda.send(new GetAccountSettingsCommand({}));
    return [AccountUsage?.TotalCodeSize, AccountLimit?.TotalCodeSize];
  };
  await createFunction(account, 'stored');
  await account.lambda.send(new PublishVersionCommand({ FunctionName: 'stored' }));
  expect(await code(account)).toEqual([2 * ECHO.length, 3000]);
  expect(await code(usual)).toEqual([expect.any(Number), 80_530_636_800]);
  const store = async () => {
    for (let count = 0; count * ECHO.length < 3000; count += 1) await createFunction(account, `stored-${count}`);
  };
  await expect(store()).rejects.toMatchObject({
    name: 'CodeStorageExceededException',
    message: 'Code storage limit exceeded.',
  });
});

describe('data of an execution', () => {
  const SOMETHING = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
  const QUERY = { QueryLanguage: 'JSONata', StartAt: 'A' };
  const doubling = { Type: 'Pass', Output: '{% $states.input & $states.input %}', End: true };
  const machine = async (account: Account, name: string, definition: object) =>
    (
      await account.steps.send(
        new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: account.role }),
      )
    ).stateMachineArn!;
  const run = async (account: Account, stateMachineArn: string, input: string) => {
    const { executionArn } = await account.steps.send(new StartExecutionCommand({ stateMachineArn, input }));
    return eventually(async () => {
      const execution = await account.steps.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    });
  };
  const textOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

  it.each([
    ['AWS', () => usual, 262_144],
    ['what is set', () => little, 1000],
  ])('has the largest size of %s when it starts', async (name, account, most) => {
    const arn = await machine(account(), `starting-${name.replaceAll(' ', '-')}`, SOMETHING);
    expect(await run(account(), arn, textOf(most))).toMatchObject({ status: 'SUCCEEDED' });
    await expect(run(account(), arn, textOf(most + 1))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Member must have length less than or equal to ${most}`),
    });
  });

  it.each([
    ['AWS', () => usual, 262_144],
    ['what is set', () => little, 1000],
  ])('has the largest size of %s when it leaves a state', async (name, account, most) => {
    const arn = await machine(account(), `leaving-${name.replaceAll(' ', '-')}`, { ...QUERY, States: { A: doubling } });
    expect(await run(account(), arn, textOf(most / 2))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await run(account(), arn, textOf(most - 10))).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('is caught by its name when a task returns too much of it, and not by States.ALL', async () => {
    await createFunction(usual, 'talkative');
    const Arguments = { FunctionName: 'talkative', Payload: { size: 300_000 } };
    const task = (name: string) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments,
      End: true,
      Catch: [{ ErrorEquals: [name], Next: 'B' }],
    });
    const definition = (name: string) => ({ ...QUERY, States: { A: task(name), B: { Type: 'Pass', End: true } } });
    const named = await machine(usual, 'caught', definition('States.DataLimitExceeded'));
    expect(await run(usual, named, '{}')).toMatchObject({ status: 'SUCCEEDED' });
    const all = await machine(usual, 'not-caught', definition('States.ALL'));
    expect(await run(usual, all, '{}')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('ends when its history is full', async () => {
    const again = { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }] };
    const A = { Type: 'Pass', Next: 'B' };
    const endless = { ...QUERY, States: { A, B: again } };
    expect(await run(little, await machine(little, 'endless', endless), '{}')).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (50).',
    });
  });

  it('counts the events of the states of a Map, which happen in the same history', async () => {
    const inner = { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
    const mapping = (items: number) => ({
      ...QUERY,
      States: {
        A: { Type: 'Map', Items: Array.from({ length: items }, (_, i) => i), ItemProcessor: inner, End: true },
      },
    });
    const few = await machine(little, 'few', mapping(10));
    expect(await run(little, few, '{}')).toMatchObject({ status: 'SUCCEEDED' });
    const many = await machine(little, 'many', mapping(12));
    expect(await run(little, many, '{}')).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('a template', () => {
  const TOPIC = { Type: 'AWS::SNS::Topic' };
  const times = <T>(count: number, one: T) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`N${i}`, one]));
  const create = (account: Account, template: object) =>
    account.cloudFormation.send(
      new CreateStackCommand({ StackName: 'too-much', TemplateBody: JSON.stringify(template) }),
    );

  it.each([
    [() => usual, { Resources: times(501, TOPIC) }, 'Number of resources, 501, is greater than maximum allowed, 500'],
    [() => little, { Resources: times(3, TOPIC) }, 'Number of resources, 3, is greater than maximum allowed, 2'],
    [
      () => usual,
      { Resources: { TOPIC }, Parameters: times(201, { Type: 'String', Default: 'x' }) },
      'Parameters count 201 is greater than max allowed 200',
    ],
    [
      () => little,
      { Resources: { TOPIC }, Parameters: times(2, { Type: 'String', Default: 'x' }) },
      'Parameters count 2 is greater than max allowed 1',
    ],
    [
      () => usual,
      { Resources: { TOPIC }, Outputs: times(201, { Value: 'x' }) },
      'Outputs count 201 is greater than max allowed 200',
    ],
    [
      () => little,
      { Resources: { TOPIC }, Outputs: times(2, { Value: 'x' }) },
      'Outputs count 2 is greater than max allowed 1',
    ],
  ])('has a largest number of each section (%#)', async (account, template, message) => {
    await expect(create(account(), template)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Template format error: ${message}`,
    });
  });

  it.each([
    ['AWS', () => usual, 51_200],
    ['what is set', () => little, 1500],
  ])('has the largest size of %s in a call', async (_name, account, most) => {
    await expect(create(account(), { Resources: { TOPIC }, Metadata: 'x'.repeat(most) })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(`Member must have length less than or equal to ${most}`),
    });
  });

  it.each([
    ['AWS', () => usual, 1_000_000],
    ['what is set', () => little, 2000],
  ])('has the largest size of %s in a bucket', async (name, account, most) => {
    const Bucket = `templates-of-${name.replaceAll(' ', '-').toLowerCase()}`;
    await account().s3.send(new CreateBucketCommand({ Bucket }));
    const Body = JSON.stringify({ Resources: { TOPIC }, Metadata: { X: 'x'.repeat(most) } });
    await account().s3.send(new PutObjectCommand({ Bucket, Key: 'template', Body }));
    const TemplateURL = `${at.cloud.endpoint}/${Bucket}/template`;
    const created = account().cloudFormation.send(new CreateStackCommand({ StackName: 'too-large', TemplateURL }));
    await expect(created).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Template may not exceed ${most} bytes in size.`,
    });
  });
});

describe('a parameter', () => {
  const put = (account: Account, bytes: number, Tier: 'Standard' | 'Advanced' | 'Intelligent-Tiering') =>
    account.ssm.send(
      new PutParameterCommand({ Name: 'p', Value: 'x'.repeat(bytes), Type: 'String', Tier, Overwrite: true }),
    );

  it.each([
    ['AWS', () => usual, 4096, 8192],
    ['what is set', () => little, 10, 20],
  ])('has the largest size of %s, by its tier', async (_name, account, standard, advanced) => {
    await put(account(), standard, 'Standard');
    await expect(put(account(), standard + 1, 'Standard')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Standard tier parameters support a maximum parameter value of ${standard} `),
    });
    await put(account(), advanced, 'Advanced');
    await expect(put(account(), advanced + 1, 'Advanced')).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Advanced tier parameters support a maximum parameter value of ${advanced} characters.`,
    });
  });

  it('is refused in a stack too', async () => {
    const P = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x'.repeat(4097) } };
    expect(await stack(usual, 'parameter', { Resources: { P } })).toContain('Standard tier parameters support');
  });
});

describe('a policy', () => {
  const TRUST = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const policy = (characters: number, spaces = 0) => {
    const text = (resource: string) =>
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"${resource}"}]}`;
    return ' '.repeat(spaces) + text(`arn:aws:s3:::${'x'.repeat(characters - text('arn:aws:s3:::').length)}`);
  };
  const putInline = (account: Account, PolicyName: string, PolicyDocument: string) =>
    account.iam({ Action: 'PutRolePolicy', RoleName: 'many', PolicyName, PolicyDocument });

  it.each([
    ['AWS', () => usual, 10_240],
    ['what is set', () => little, 300],
  ])(
    'in a role has the largest size of %s with the others of the role, white space apart',
    async (_n, account, most) => {
      await account().iam({ Action: 'CreateRole', RoleName: 'many', AssumeRolePolicyDocument: TRUST });
      await putInline(account(), 'first', policy(most / 2));
      await putInline(account(), 'second', policy(most / 2, 50));
      await putInline(account(), 'first', policy(most / 2));
      await expect(putInline(account(), 'second', policy(most / 2 + 1))).rejects.toMatchObject({
        name: 'LimitExceeded',
        status: 409,
        message: `Maximum policy size of ${most} bytes exceeded for role many`,
      });
    },
  );

  it('of a role in a stack is refused too, and one that a stack adds to a role', async () => {
    const told = (role: string) => `Maximum policy size of 10240 bytes exceeded for role ${role} (Service: Iam`;
    const Policies = ['a', 'b'].map((PolicyName) => ({ PolicyName, PolicyDocument: JSON.parse(policy(6000)) }));
    const AssumeRolePolicyDocument = JSON.parse(TRUST);
    const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'stacked', AssumeRolePolicyDocument, Policies } };
    expect(await stack(usual, 'role', { Resources: { Role } })).toContain(told('stacked'));
    const Properties = { PolicyName: 'b', PolicyDocument: JSON.parse(policy(6000)), Roles: [{ Ref: 'Role' }] };
    Role.Properties.Policies.pop();
    const Policy = { Type: 'AWS::IAM::Policy', Properties };
    expect(await stack(usual, 'role-and-policy', { Resources: { Role, Policy } })).toContain(told('stacked'));
  });

  it.each([
    ['AWS', () => usual, 6144],
    ['what is set', () => little, 200],
  ])('by itself has the largest size of %s', async (name, account, most) => {
    const PolicyName = name.replaceAll(' ', '-');
    const create = (PolicyDocument: string) => account().iam({ Action: 'CreatePolicy', PolicyName, PolicyDocument });
    await expect(create(policy(most + 1))).rejects.toMatchObject({
      name: 'LimitExceeded',
      status: 409,
      message: `Cannot exceed quota for PolicySize: ${most}`,
    });
    await create(policy(most));
  });

  it('by itself in a stack is refused too', async () => {
    const Properties = { PolicyDocument: JSON.parse(policy(6145)) };
    const Managed = { Type: 'AWS::IAM::ManagedPolicy', Properties };
    expect(await stack(usual, 'managed', { Resources: { Managed } })).toContain(
      'Cannot exceed quota for PolicySize: 6144',
    );
  });

  it.each([
    ['AWS', () => usual, 2048],
    ['what is set', () => little, 400],
  ])('that lets a role be assumed has the largest size of %s', async (_name, account, most) => {
    const trust = (characters: number) => {
      const text = (id: string) => TRUST.replace('}]}', `,"Condition":{"StringEquals":{"sts:ExternalId":"${id}"}}}]}`);
      return text('x'.repeat(characters - text('').length));
    };
    const RoleName = 'trusting';
    const refusal = { name: 'LimitExceeded', status: 409, message: `Cannot exceed quota for ACLSizePerRole: ${most}` };
    const create = (AssumeRolePolicyDocument: string) =>
      account().iam({ Action: 'CreateRole', RoleName, AssumeRolePolicyDocument });
    await expect(create(trust(most + 1))).rejects.toMatchObject(refusal);
    await create(trust(most));
    const update = { Action: 'UpdateAssumeRolePolicy', RoleName, PolicyDocument: trust(most + 1) };
    await expect(account().iam(update)).rejects.toMatchObject(refusal);
  });
});
