import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  CreateProjectCommand,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { callIam, makeRole, trustPolicy } from '../iam-role';
import { aCaller, inAccount } from './a-caller';
import { type ACloud, aCloud, aUsableRole, aZip, CloudClock, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** Roles are assumed by whom their trust policies name, on its conditions, and never by whom they deny. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('trust');
});
afterAll(() => at.cloud.stop());

const unique = (name: string) => {
  count += 1;
  return `${name}-${count}`;
};
const trusted = (...trust: readonly object[]) => aUsableRole(at, { name: unique('trusted'), trust });
const service = (name: string) => ({ Principal: { Service: `${name}.amazonaws.com` } });
const only = (arn: string) => ({ Condition: { ArnLike: { 'aws:SourceArn': arn } } });

describe('a role', () => {
  const assume = async (RoleArn: string, ExternalId?: string) => {
    const { client } = await aCaller(at, [{ Action: 'sts:AssumeRole', Resource: '*' }]);
    return new STSClient(client).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ExternalId }));
  };
  const anybody = { Principal: { AWS: '111122223333' } };

  it('is assumed on its conditions, such as an external id', async () => {
    const role = await trusted({ ...anybody, Condition: { StringEquals: { 'sts:ExternalId': 'ours' } } });
    await expect(assume(role)).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
    await expect(assume(role, 'theirs')).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
    expect((await assume(role, 'ours')).Credentials).toBeDefined();
  });

  it('is not assumed by whom it denies', async () => {
    const role = await trusted(anybody, { ...anybody, Effect: 'Deny' });
    await expect(assume(role)).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
  });

  it('of a service is not assumed by the account’s root', async () => {
    const root = new STSClient(at.client);
    const RoleArn = await trusted(service('lambda'));
    await expect(root.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }))).rejects.toThrow(
      'is not authorized to perform: sts:AssumeRole',
    );
  });
});

describe('a function', () => {
  const TOLD = 'The role defined for the function cannot be assumed by Lambda.';
  const create = (FunctionName: string, Role: string, lambda = new LambdaClient(at.client)) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: aZip({ 'index.js': 'exports.handler = async () => 1;' }) },
      }),
    );

  it('has a role only that trusts Lambda, for this function', async () => {
    const name = unique('function');
    await expect(create(name, await trusted(service('states')))).rejects.toThrow(TOLD);
    await expect(
      create(name, await trusted({ ...service('lambda'), ...only(inAccount(at, 'lambda', 'function:other')) })),
    ).rejects.toThrow(TOLD);
    const own = { ...service('lambda'), ...only(inAccount(at, 'lambda', `function:${name}`)) };
    await create(name, await trusted(own), at.lambda);
    await expect(
      new LambdaClient(at.client).send(
        new UpdateFunctionConfigurationCommand({ FunctionName: name, Role: await trusted(service('states')) }),
      ),
    ).rejects.toThrow(TOLD);
  });

  it('does not run once its role does not trust Lambda any more', async () => {
    const role = await trusted(service('lambda'));
    const FunctionName = unique('function');
    await create(FunctionName, role, at.lambda);
    const invoke = () => at.lambda.send(new InvokeCommand({ FunctionName }));
    expect(Buffer.from((await invoke()).Payload!).toString()).toBe('1');
    const PolicyDocument = trustPolicy([service('lambda'), { Principal: '*', Effect: 'Deny' }]);
    const RoleName = role.split('/')[1]!;
    await callIam(at.cloud, { Action: 'UpdateAssumeRolePolicy', RoleName, PolicyDocument });
    await expect(invoke()).rejects.toThrow(TOLD);
  });
});

it('a state machine acts with a role that trusts Step Functions for this machine', async () => {
  const steps = new SFNClient(at.client);
  const definition = JSON.stringify({
    StartAt: 'Publish',
    States: {
      Publish: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sns:publish',
        Parameters: { TopicArn: inAccount(at, 'sns', 'none'), Message: 'x' },
        End: true,
      },
    },
  });
  const name = unique('machine');
  const role = await trusted({ ...service('states'), ...only(inAccount(at, 'states', 'stateMachine:other')) });
  await expect(steps.send(new CreateStateMachineCommand({ name, definition, roleArn: role }))).rejects.toThrow(
    'is authorized to assume the provided role',
  );
  const own = await trusted({ ...service('states'), ...only(inAccount(at, 'states', `stateMachine:${name}`)) });
  const { stateMachineArn } = await steps.send(new CreateStateMachineCommand({ name, definition, roleArn: own }));
  const PolicyDocument = trustPolicy([
    { ...service('states'), ...only(inAccount(at, 'states', 'stateMachine:other')) },
  ]);
  const RoleName = own.split('/')[1]!;
  await callIam(at.cloud, { Action: 'UpdateAssumeRolePolicy', RoleName, PolicyDocument });
  const { executionArn } = await steps.send(new StartExecutionCommand({ stateMachineArn }));
  const ended = await eventually(async () => {
    const found = await steps.send(new DescribeExecutionCommand({ executionArn }));
    return found.status === 'RUNNING' ? undefined : found;
  });
  expect(ended).toMatchObject({
    status: 'FAILED',
    cause: expect.stringContaining(`is not authorized to assume role ${own}`),
  });
});

it('a rule starts an execution with a role that trusts EventBridge for this rule', async () => {
  const steps = new SFNClient(at.client);
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const events = new EventBridgeClient(at.client);
  const machines = await Promise.all(
    ['foreign', 'own'].map(async (name) => {
      const Name = unique(name);
      const machine = { name: Name, definition, roleArn: ROLE };
      const { stateMachineArn } = await steps.send(new CreateStateMachineCommand(machine));
      const source = inAccount(at, 'events', `rule/${name === 'own' ? Name : 'other'}`);
      const RoleArn = await trusted({ ...service('events'), ...only(source) });
      await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: ['trust'] }) }));
      await events.send(
        new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'machine', Arn: stateMachineArn, RoleArn }] }),
      );
      return stateMachineArn;
    }),
  );
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'trust', DetailType: 'test', Detail: '{}' }] }));
  const started = async (stateMachineArn?: string) =>
    (await steps.send(new ListExecutionsCommand({ stateMachineArn }))).executions!.length;
  await eventually(async () => (await started(machines[1])) || undefined);
  expect(await started(machines[0])).toBe(0);
});

it('a build has the role of its project only if that trusts CodeBuild for this project', async () => {
  const builds = new CodeBuildClient(at.client);
  const run = async (trust: object) => {
    const name = unique('project');
    await builds.send(
      new CreateProjectCommand({
        name,
        source: {
          type: 'NO_SOURCE',
          buildspec: JSON.stringify({ version: 0.2, phases: { build: { commands: ['true'] } } }),
        },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          computeType: 'BUILD_GENERAL1_SMALL',
        },
        serviceRole: await trusted(trust),
      }),
    );
    const { build } = await builds.send(new StartBuildCommand({ projectName: name }));
    return eventually(async () => {
      const { builds: found } = await builds.send(new BatchGetBuildsCommand({ ids: [build!.id!] }));
      return found![0]!.buildComplete ? found![0]! : undefined;
    });
  };
  expect(await run(service('codebuild'))).toMatchObject({ buildStatus: 'SUCCEEDED' });
  for (const trust of [
    service('lambda'),
    { ...service('codebuild'), ...only(inAccount(at, 'codebuild', 'project/other')) },
  ]) {
    const { buildStatus, phases } = await run(trust);
    expect(buildStatus).toBe('FAILED');
    const told = phases!.flatMap(({ contexts }) => contexts?.map(({ message }) => message) ?? []).join();
    expect(told).toContain('codebuild.amazonaws.com is not authorized to perform: sts:AssumeRole');
  }
});

describe('a role that has just been made', () => {
  const Code = { ZipFile: aZip({ 'index.js': 'exports.handler = async () => 1;' }) };
  const settings = { Runtime: 'nodejs20.x' as const, Handler: 'index.handler', Code };
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });

  it('cannot be assumed by Lambda or Step Functions for a while, and then can', async () => {
    const clock = new CloudClock();
    const slow = await aCloud('new-roles', { clock, clockFile: clock.file, speed: 1 });
    try {
      const Role = await makeRole(slow.cloud, { name: 'new', services: ['lambda', 'states'] });
      const lambda = new LambdaClient(slow.client);
      const create = () => lambda.send(new CreateFunctionCommand({ ...settings, FunctionName: 'early', Role }));
      await expect(create()).rejects.toThrow('The role defined for the function cannot be assumed by Lambda.');
      const steps = new SFNClient(slow.client);
      const machine = () => steps.send(new CreateStateMachineCommand({ name: 'early', definition, roleArn: Role }));
      await expect(machine()).rejects.toThrow('is authorized to assume the provided role');
      clock.windOn(60_000);
      await create();
      await machine();
    } finally {
      await slow.cloud.stop();
      clock.remove();
    }
  });

  it('serves a function that the same stack makes: CloudFormation tries again', async () => {
    const AssumeRolePolicyDocument = JSON.parse(trustPolicy([service('lambda')]));
    const Properties = { ...settings, Code: { ZipFile: 'exports.handler = async () => 1;' } };
    const Resources = {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { ...Properties, Role: { 'Fn::GetAtt': 'Role.Arn' } } },
    };
    const cloudFormation = new CloudFormationClient(at.client);
    const Capabilities = ['CAPABILITY_IAM' as const];
    const TemplateBody = JSON.stringify({ Resources });
    await cloudFormation.send(new CreateStackCommand({ StackName: 'together', TemplateBody, Capabilities }));
    const status = await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'together' }));
      const { StackStatus } = Stacks![0]!;
      return StackStatus?.endsWith('IN_PROGRESS') ? undefined : StackStatus;
    });
    expect(status).toBe('CREATE_COMPLETE');
  });
});
