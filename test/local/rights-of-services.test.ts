import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RoleOptions } from '../iam-role';
import { aCaller, inAccount as arnIn } from './a-caller';
import { type ACloud, aCloud, aUsableRole, aZip, eventually, PATIENCE, ROLE } from './a-cloud';
import { askFunctionUrl } from './a-function-url';

jest.setTimeout(PATIENCE);

/** What a service does on somebody's behalf needs the right of whose behalf it is, and the leave of what it reaches. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('services');
});
afterAll(() => at.cloud.stop());

const unique = (name: string) => {
  count += 1;
  return `${name}-${count}`;
};
const inAccount = (service: string, rest: string) => arnIn(at, service, rest);
const aRole = (options: Omit<RoleOptions, 'name'>) => aUsableRole(at, { name: unique('role'), ...options });

/** Code that counts how often it has run, and answers with that. */
const COUNTING = 'let runs = 0; exports.handler = async (event) => event.ask ? runs : (runs += 1);';

/** @returns the name and ARN of a new function, and how often it has run */
async function aFunction(Role = ROLE) {
  const lambda = at.lambda;
  const FunctionName = unique('function');
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role,
      Code: { ZipFile: aZip({ 'index.js': COUNTING }) },
    }),
  );
  const runs = async () => {
    const Payload = Buffer.from(JSON.stringify({ ask: true }));
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    return Number(Buffer.from(answer.Payload!).toString());
  };
  const letIn = (service: string, SourceArn?: string) =>
    lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: unique('statement'),
        Action: 'lambda:InvokeFunction',
        Principal: `${service}.amazonaws.com`,
        ...(SourceArn && { SourceArn }),
      }),
    );
  return { name: FunctionName, arn: FunctionArn!, runs, letIn };
}

describe('a rule', () => {
  const events = () => new EventBridgeClient(at.client);
  const put = () =>
    events().send(new PutEventsCommand({ Entries: [{ Source: 'test', DetailType: 'test', Detail: '{}' }] }));
  const aRule = async (target: { readonly Arn: string; readonly RoleArn?: string }) => {
    const Name = unique('rule');
    const { RuleArn } = await events().send(
      new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: ['test'] }) }),
    );
    await events().send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'it', ...target }] }));
    return RuleArn!;
  };

  it('invokes only functions whose policy lets it in, for its own ARN', async () => {
    const [closed, others, open] = await Promise.all([aFunction(), aFunction(), aFunction()]);
    await aRule({ Arn: closed.arn });
    await aRule({ Arn: others.arn });
    await others.letIn('events', inAccount('events', 'rule/another'));
    await open.letIn('events', await aRule({ Arn: open.arn }));
    await put();
    await eventually(async () => ((await open.runs()) > 0 ? true : undefined));
    expect(await closed.runs()).toBe(0);
    expect(await others.runs()).toBe(0);
  });

  it('starts executions with the role of its target only', async () => {
    const states = new SFNClient(at.client);
    const aMachine = async () => {
      const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
      const made = await states.send(
        new CreateStateMachineCommand({ name: unique('machine'), roleArn: ROLE, definition }),
      );
      return made.stateMachineArn!;
    };
    const executions = async (stateMachineArn: string) =>
      (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions!.length;
    const [without, wrong, right] = [await aMachine(), await aMachine(), await aMachine()];
    await aRule({ Arn: without });
    await aRule({ Arn: wrong, RoleArn: await aRole({ services: ['events'], actions: ['states:StopExecution'] }) });
    await aRule({ Arn: right, RoleArn: await aRole({ services: ['events'], actions: ['states:StartExecution'] }) });
    await put();
    await eventually(async () => ((await executions(right)) > 0 ? true : undefined));
    expect([await executions(without), await executions(wrong)]).toEqual([0, 0]);
  });
});

it('a topic invokes only functions whose policy lets it in', async () => {
  const sns = new SNSClient(at.client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  const [closed, open] = await Promise.all([aFunction(), aFunction()]);
  for (const { arn } of [closed, open])
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: arn }));
  await open.letIn('sns', TopicArn);
  await sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
  await eventually(async () => ((await open.runs()) > 0 ? true : undefined));
  expect(await closed.runs()).toBe(0);
});

it('a function URL answers everybody only if the function may be invoked by everybody through its URL', async () => {
  const { name } = await aFunction();
  const lambda = at.lambda;
  const { FunctionUrl } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType: 'NONE' }),
  );
  const ask = () => askFunctionUrl(at.cloud.endpoint, new URL(FunctionUrl!).host);
  expect(await ask()).toContain('Forbidden');
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: 'url',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    }),
  );
  expect(await ask()).toContain('Forbidden'); // two permissions since October 2025
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: 'invoke',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    }),
  );
  expect(await ask()).toBe('1');
});

describe('an API', () => {
  const api = (permission: boolean) => ({
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'GET /things/{id}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: ROLE,
        Code: { ZipFile: "exports.handler = async () => ({ statusCode: 200, body: 'hello' });" },
      },
    },
    ...(permission && {
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          FunctionName: { Ref: 'Function' },
          SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/things/*' },
        },
      },
    }),
  });
  const deploy = async (permission: boolean) => {
    const cloudFormation = new CloudFormationClient(at.client);
    const StackName = unique('api');
    const TemplateBody = JSON.stringify({ Resources: api(permission), Outputs: { Id: { Value: { Ref: 'Api' } } } });
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    const Outputs = await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks![0]!.StackStatus === 'CREATE_COMPLETE' ? Stacks![0]!.Outputs : undefined;
    });
    const id = Outputs![0]!.OutputValue;
    const answer = await fetch(`${at.cloud.endpoint}/_aws/execute-api/${id}/$default/things/1`);
    return { status: answer.status, body: await answer.text() };
  };

  it('answers 500 if the function does not let it in', async () => {
    expect(await deploy(true)).toEqual({ status: 200, body: 'hello' });
    expect(await deploy(false)).toMatchObject({ status: 500, body: expect.stringContaining('Internal Server Error') });
  });
});

describe('an HTTP API whose route asks for IAM', () => {
  const CODE = `exports.handler = async ({ requestContext, pathParameters }) =>
    ({ statusCode: 200, body: JSON.stringify({ iam: requestContext.authorizer?.iam, pathParameters }) });`;
  const resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'v1', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'POST /stages/{stage}/things',
        AuthorizationType: 'AWS_IAM',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: CODE } },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        FunctionName: { Ref: 'Function' },
        SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*' },
      },
    },
  };
  let api: string;
  beforeAll(async () => {
    const cloudFormation = new CloudFormationClient(at.client);
    const StackName = unique('api');
    const TemplateBody = JSON.stringify({ Resources: resources, Outputs: { Id: { Value: { Ref: 'Api' } } } });
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    const outputs = await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks![0]!.StackStatus === 'CREATE_COMPLETE' ? Stacks![0]!.Outputs : undefined;
    });
    api = outputs![0]!.OutputValue!;
  });

  const FORBIDDEN = { status: 403, body: { message: 'Forbidden' } };
  const leaveFor = (path: string, account = at.cloud.accountId) => [
    { Action: 'execute-api:Invoke', Resource: `arn:aws:execute-api:${at.cloud.region}:${account}:${api}/${path}` },
  ];
  /** Posts as a caller. @param more what of the signature is another's, or what is sent in place of what was signed */
  const post = async (
    caller: Awaited<ReturnType<typeof aCaller>> | undefined,
    stage: string,
    more: Partial<Record<'region' | 'service' | 'secretAccessKey' | 'sent', string>> = {},
  ) => {
    const signed = `/_aws/execute-api/${api}/v1/stages/${stage}/things`;
    const { host, hostname } = new URL(at.cloud.endpoint);
    const request = { method: 'POST', protocol: 'http:', hostname, path: signed, headers: { host }, body: '{}' };
    const headers =
      caller &&
      (
        await new SignatureV4({
          service: more.service ?? 'execute-api',
          region: more.region ?? at.cloud.region,
          credentials: {
            ...caller.client.credentials,
            ...(more.secretAccessKey && { secretAccessKey: more.secretAccessKey }),
          },
          sha256: new CloudFormationClient(at.client).config.sha256,
        }).sign(request)
      ).headers;
    const path = more.sent === undefined ? signed : `/_aws/execute-api/${api}/v1/stages/${more.sent}/things`;
    const answer = await fetch(`${at.cloud.endpoint}${path}`, { method: 'POST', headers, body: '{}' });
    return { status: answer.status, body: await answer.json() };
  };

  it('answers whom the policy of their role lets, and tells the function who they are', async () => {
    const caller = await aCaller(at, leaveFor('v1/POST/stages/pr-*/things'));
    const role = caller.arn.split('/').at(-1);
    expect(await post(caller, 'pr-12')).toMatchObject({
      status: 200,
      body: {
        iam: {
          accountId: at.cloud.accountId,
          accessKey: caller.client.credentials.accessKeyId,
          userArn: `arn:aws:sts::${at.cloud.accountId}:assumed-role/${role}/test`,
        },
        pathParameters: { stage: 'pr-12' },
      },
    });
    expect(await post(caller, 'prod')).toEqual(FORBIDDEN);
  });

  it('refuses who has no signature, another’s, or one for something else, and does not say why', async () => {
    const caller = await aCaller(at, leaveFor('*'));
    expect(await post(caller, 'prod')).toMatchObject({ status: 200 });
    expect(await post(undefined, 'prod')).toEqual(FORBIDDEN);
    expect(await post(caller, 'prod', { secretAccessKey: 'guessed' })).toEqual(FORBIDDEN);
    expect(await post(caller, 'dev', { sent: 'prod' })).toEqual(FORBIDDEN);
    expect(await post(caller, 'prod', { service: 's3' })).toEqual(FORBIDDEN);
    expect(await post(caller, 'prod', { region: 'eu-central-1' })).toEqual(FORBIDDEN);
  });

  it('refuses callers of other accounts, whatever their policies say: it has no policy of its own', async () => {
    const other = '444455556666';
    const leave = [...leaveFor('*'), ...leaveFor('*', other)];
    expect(await post(await aCaller(at, leave, other), 'prod')).toEqual(FORBIDDEN);
  });
});

describe('a state machine', () => {
  const states = () => new SFNClient(at.client);
  const create = (roleArn: string, state: object, more: object = {}) => {
    const definition = JSON.stringify({ StartAt: 'Do', States: { Do: { Type: 'Task', End: true, ...state } } });
    return states().send(new CreateStateMachineCommand({ name: unique('machine'), roleArn, definition, ...more }));
  };
  const outcome = async (roleArn: string, state: object) => {
    const { stateMachineArn } = await create(roleArn, state);
    const { executionArn } = await states().send(new StartExecutionCommand({ stateMachineArn }));
    return eventually(async () => {
      const described = await states().send(new DescribeExecutionCommand({ executionArn }));
      return described.status === 'RUNNING' ? undefined : described;
    });
  };

  it('invokes functions with its role, and says what that may not do', async () => {
    const { arn } = await aFunction();
    const task = { Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: `${arn}:$LATEST` } };
    const another = { Action: 'lambda:InvokeFunction', Resource: inAccount('lambda', 'function:another') };
    expect(await outcome(await aRole({ services: ['states'], statements: [another] }), task)).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringMatching(
        /^User: \S+ is not authorized to perform: lambda:InvokeFunction on resource: \S+ because no identity-based /,
      ),
    });
    const its = { Action: 'lambda:InvokeFunction', Resource: `${arn}:*` };
    expect(await outcome(await aRole({ services: ['states'], statements: [its] }), task)).toMatchObject({
      status: 'SUCCEEDED',
    });
  });

  it('calls AWS with its role', async () => {
    const task = { Resource: 'arn:aws:states:::aws-sdk:ssm:describeParameters', Parameters: {} };
    const may = (action: string) => aRole({ services: ['states'], actions: [action] });
    expect(await outcome(await may('ssm:GetParameter'), task)).toMatchObject({
      status: 'FAILED',
      error: 'Ssm.SsmException',
      cause: expect.stringContaining('ssm:DescribeParameters'),
    });
    expect(await outcome(await may('ssm:DescribeParameters'), task)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is not made with a role that does not trust it, or that its maker may not pass', async () => {
    const pass = { Type: 'Pass', End: true };
    const untrusting = await aRole({ services: ['lambda'] });
    await expect(create(untrusting, pass)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('states.amazonaws.com'),
    });
    const { stateMachineArn } = await create(await aRole({ services: ['states'] }), pass);
    const [, , , region] = stateMachineArn!.split(':');
    await expect(create(await aRole({ services: [`states.${region}`] }), pass)).resolves.toHaveProperty(
      'stateMachineArn',
    );
    await expect(create(await aRole({ services: ['states.mars-north-1'] }), pass)).rejects.toThrow(
      'nor the regional one',
    );
    const { client } = await aCaller(at, [{ Action: 'states:*', Resource: '*' }]);
    const definition = JSON.stringify({ StartAt: 'Do', States: { Do: pass } });
    await expect(
      new SFNClient(client).send(new CreateStateMachineCommand({ name: unique('m'), roleArn: ROLE, definition })),
    ).rejects.toThrow(`iam:PassRole on resource: ${ROLE}`);
  });

  it('that waits for executions, or writes logs, is not made without the rights to do that', async () => {
    const task = {
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: inAccount('states', 'stateMachine:it') },
    };
    const role = await aRole({ services: ['states'], actions: ['states:*'] });
    await expect(create(role, task)).rejects.toThrow(`'${role}' is not authorized to create managed-rule.`);
    const logGroupArn = inAccount('logs', 'log-group:/aws/vendedlogs/it:*');
    const loggingConfiguration = { level: 'ALL', destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] };
    await expect(create(role, { Type: 'Pass' }, { loggingConfiguration })).rejects.toThrow(
      'The state machine IAM Role is not authorized to access the Log Destination',
    );
  });
});

describe('a function', () => {
  it('is not made with a role that its maker may not pass', async () => {
    const { client } = await aCaller(at, [{ Action: 'lambda:*', Resource: '*' }]);
    await expect(
      new LambdaClient(client).send(
        new CreateFunctionCommand({
          FunctionName: unique('function'),
          Runtime: 'nodejs20.x',
          Handler: 'index.handler',
          Role: ROLE,
          Code: { ZipFile: aZip({ 'index.js': COUNTING }) },
        }),
      ),
    ).rejects.toThrow(`iam:PassRole on resource: ${ROLE}`);
  });

  it('is given no messages of a queue that its role may not read', async () => {
    const sqs = new SQSClient(at.client);
    const QueueName = unique('queue');
    await sqs.send(new CreateQueueCommand({ QueueName }));
    const map = async (actions: readonly string[]) => {
      const { name } = await aFunction(await aRole({ services: ['lambda'], actions }));
      const EventSourceArn = inAccount('sqs', QueueName);
      return new LambdaClient(at.client).send(
        new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn }),
      );
    };
    await expect(map(['sqs:ReceiveMessage'])).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('DeleteMessage'),
    });
    await map(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']);
  });
});
