import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { rootClient } from '../../lib/local/calls/root-client';
import { type ACloud, aCloud, aUsableRole, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** What a stack's WebSockets, authorizers, schedules, pipes and log subscriptions reach has to let them in. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('leave');
});
afterAll(() => at.cloud.stop());

const unique = (name: string) => {
  count += 1;
  return `${name}-${count}`;
};
/** Deploys a stack. @returns its status, its outputs and why it failed */
async function deploy(Resources: object, outputs: Readonly<Record<string, unknown>> = {}) {
  const cloudFormation = new CloudFormationClient(at.client);
  const StackName = unique('stack');
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  await cloudFormation.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources, Outputs }) }),
  );
  const stack = await eventually(async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') ? undefined : Stacks![0]!;
  });
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
  return {
    status: stack.StackStatus,
    reason: failed?.ResourceStatusReason,
    outputs: Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])),
  };
}
const ref = (id: string) => ({ Ref: id });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
/** Counts how often it has run, but for who asks; authorizes everything. */
const CODE = `let runs = 0;
exports.handler = async (event) => {
  if (event.ask) return runs;
  runs += 1;
  console.log('I run');
  return { statusCode: 200, isAuthorized: true };
};`;
const aFunction = () => ({
  Type: 'AWS::Lambda::Function',
  Properties: { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: CODE } },
});
const permission = (FunctionName: object, service: string, SourceArn: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    Principal: `${service}.amazonaws.com`,
    FunctionName,
    SourceArn: { 'Fn::Sub': SourceArn },
  },
});
const API = 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}';
const runsOf = async (FunctionName: string) => {
  const Payload = Buffer.from(JSON.stringify({ ask: true }));
  const answer = await at.lambda.send(new InvokeCommand({ FunctionName, Payload }));
  return Number(Buffer.from(answer.Payload!).toString());
};
/**
 * Counts runs of all processes of a function by its log, which only what is invoked by Lambda's own API, or by services
 * in its name, has in the emulator. To ask a function that is invoked meanwhile would start another process.
 */
const loggedRunsOf = async (FunctionName: string) => {
  const read = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}` });
  const found = await new CloudWatchLogsClient(at.client).send(read).catch((error: Error) => {
    if (error.name === 'ResourceNotFoundException') return undefined; // no group before it runs
    throw error;
  });
  return (found?.events ?? []).filter(({ message = '' }) => message.includes('I run')).length;
};

describe('a WebSocket API', () => {
  const route = (RouteKey: string) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: ref('Api'),
      RouteKey,
      Target: { 'Fn::Join': ['/', ['integrations', ref('Integration')]] },
    },
  });
  const api = (more: object, routes: object = { Connect: route('$connect'), Default: route('$default') }) => ({
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    Function: aFunction(),
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: {
          'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
        },
      },
    },
    ...routes,
    Deployment: {
      Type: 'AWS::ApiGatewayV2::Deployment',
      DependsOn: Object.keys(routes),
      Properties: { ApiId: ref('Api') },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('Api'), StageName: 'live', DeploymentId: ref('Deployment') },
    },
    ...more,
  });
  const out = { Api: ref('Api'), Function: ref('Function') };
  /** @returns the open connection, or the status with which it was refused */
  const connect = (api: string, stage = 'live') =>
    new Promise<{ status: number; socket?: Duplex }>((resolve, reject) => {
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      };
      const asked = request(`${at.cloud.endpoint}/_aws/execute-api/${api}/${stage}`, { headers });
      asked.on('upgrade', ({ statusCode = 0 }, socket) => resolve({ status: statusCode, socket }));
      asked.on('response', (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0 });
      });
      asked.on('error', reject);
      asked.end();
    });
  /** A text in one frame, masked with zeros. */
  const frame = (text: string) =>
    Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

  it('deploys, and its routes reach the function that lets them in', async () => {
    const { status, reason, outputs } = await deploy(
      api({ Leave: permission(ref('Function'), 'apigateway', `${API}/live/*`) }),
      out,
    );
    expect([status, reason]).toEqual(['CREATE_COMPLETE', undefined]);
    const { status: opened, socket } = await connect(outputs.Api!);
    expect(opened).toBe(101);
    expect(await runsOf(outputs.Function!)).toBe(1);
    socket!.write(frame('{"action":"hello"}'));
    await eventually(async () => ((await runsOf(outputs.Function!)) === 2 ? true : undefined));
    socket!.destroy();
  });

  it('is not let in for another route or by nobody’s leave', async () => {
    for (const more of [{}, { Leave: permission(ref('Function'), 'apigateway', `${API}/live/$default`) }]) {
      const { outputs } = await deploy(api(more), out);
      expect((await connect(outputs.Api!)).status).not.toBe(101);
      expect(await runsOf(outputs.Function!)).toBe(0);
    }
  });

  it('needs a route to be deployed, and a deployment to answer', async () => {
    expect(await deploy(api({}, {}))).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining('At least one route is required before deploying the Api.'),
    });
    const Stage = { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref('Api'), StageName: 'live' } };
    const { outputs } = await deploy(api({ Stage, Leave: permission(ref('Function'), 'apigateway', `${API}/*`) }), out);
    expect((await connect(outputs.Api!)).status).toBe(403);
  });
});

describe('an authorizer', () => {
  const http = (leave?: string) => ({
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
    },
    Function: aFunction(),
    Judge: aFunction(),
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arn('Function'),
        PayloadFormatVersion: '2.0',
      },
    },
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId: ref('Api'),
        Name: 'judge',
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 0,
        IdentitySource: ['$request.header.who'],
        AuthorizerUri: {
          'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Judge.Arn}/invocations',
        },
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref('Api'),
        RouteKey: 'GET /things',
        AuthorizationType: 'CUSTOM',
        AuthorizerId: ref('Authorizer'),
        Target: { 'Fn::Join': ['/', ['integrations', ref('Integration')]] },
      },
    },
    Leave: permission(ref('Function'), 'apigateway', `${API}/*`),
    ...(leave && { JudgesLeave: permission(ref('Judge'), 'apigateway', leave) }),
  });
  const ask = async (leave?: string) => {
    const { outputs } = await deploy(http(leave), { Api: ref('Api'), Judge: ref('Judge') });
    const answer = await fetch(`${at.cloud.endpoint}/_aws/execute-api/${outputs.Api}/$default/things`, {
      headers: { who: 'me' },
    });
    return { status: answer.status, judged: await runsOf(outputs.Judge!) };
  };

  it('is invoked only if its function lets it in, for its own ARN', async () => {
    expect(await ask(`${API}/authorizers/\${Authorizer}`)).toEqual({ status: 200, judged: 1 });
    expect(await ask(`${API}/authorizers/another`)).toEqual({ status: 500, judged: 0 });
    expect(await ask()).toEqual({ status: 500, judged: 0 });
  });
});

describe('a schedule', () => {
  const schedule = (RoleArn: string, name = 'Function') => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      FlexibleTimeWindow: { Mode: 'OFF' },
      ScheduleExpression: 'at(2020-01-01T00:00:00)',
      Target: { Arn: arn(name), RoleArn },
    },
  });
  const role = (statements: readonly object[]) =>
    aUsableRole(at, { name: unique('schedules'), services: ['scheduler'], statements });

  it('invokes with its role, whatever the function’s policy says', async () => {
    const able = await role([{ Action: 'lambda:InvokeFunction', Resource: '*' }]);
    const unable = await role([{ Action: 'lambda:GetFunction', Resource: '*' }]);
    const { outputs } = await deploy(
      { Unreached: aFunction(), Function: aFunction(), First: schedule(unable, 'Unreached'), Second: schedule(able) },
      { Function: ref('Function'), Unreached: ref('Unreached') },
    );
    await eventually(async () => (await loggedRunsOf(outputs.Function!)) || undefined);
    expect(await loggedRunsOf(outputs.Unreached!)).toBe(0);
  });

  it('has a role only that trusts EventBridge Scheduler', async () => {
    expect(await deploy({ Function: aFunction(), Schedule: schedule(ROLE) })).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining('must allow AWS EventBridge Scheduler to assume the role'),
    });
  });
});

it('a pipe reads and starts with its role', async () => {
  const role = (statements: readonly object[]) =>
    aUsableRole(at, { name: unique('pipes'), services: ['pipes'], statements });
  const read = { Action: 'dynamodb:*', Resource: '*' };
  const able = await role([read, { Action: 'states:StartExecution', Resource: '*' }]);
  const unable = await role([read]);
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const machine = () => ({
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: ROLE, DefinitionString: definition },
  });
  const pipe = (RoleArn: string, target: string) => ({
    Type: 'AWS::Pipes::Pipe',
    Properties: {
      RoleArn,
      Source: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
      Target: ref(target),
    },
  });
  const { status, outputs } = await deploy(
    {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
      Unreached: machine(),
      Reached: machine(),
      First: pipe(unable, 'Unreached'),
      Second: pipe(able, 'Reached'),
    },
    { Table: ref('Table'), Reached: ref('Reached'), Unreached: ref('Unreached') },
  );
  expect(status).toBe('CREATE_COMPLETE');
  await new DynamoDBClient(at.client).send(new PutItemCommand({ TableName: outputs.Table, Item: { id: { S: 'x' } } }));
  const started = async (stateMachineArn?: string) =>
    (await new SFNClient(at.client).send(new ListExecutionsCommand({ stateMachineArn }))).executions!.length;
  await eventually(async () => (await started(outputs.Reached)) || undefined);
  expect(await started(outputs.Unreached)).toBe(0);
});

it('a log group is subscribed to only by a function that lets it in', async () => {
  const subscribed = (more: object) => ({
    Group: { Type: 'AWS::Logs::LogGroup', Properties: {} },
    Function: aFunction(),
    Subscription: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: Object.keys(more),
      Properties: { LogGroupName: ref('Group'), FilterPattern: '', DestinationArn: arn('Function') },
    },
    ...more,
  });
  expect(await deploy(subscribed({}))).toMatchObject({
    status: 'ROLLBACK_COMPLETE',
    reason: expect.stringContaining('Make sure you have given CloudWatch Logs permission to execute your function.'),
  });
  const Leave = permission(ref('Function'), 'logs', '${Group.Arn}');
  expect(await deploy(subscribed({ Leave }))).toMatchObject({ status: 'CREATE_COMPLETE' });
});

it('a user pool triggers only a function that lets it in', async () => {
  const pool = (more: object = {}) => ({
    Function: aFunction(),
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: { LambdaConfig: { PreSignUp: arn('Function') } } },
    Client: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: ref('Pool') } },
    ...more,
  });
  const signUp = async (more?: object) => {
    const { outputs } = await deploy(pool(more), { Client: ref('Client'), Function: ref('Function') });
    const emulator = rootClient(at.cloud);
    const account = { accessKey: at.cloud.accountId, region: at.cloud.region };
    const given = { ClientId: outputs.Client, Username: 'somebody', Password: 'Some-where-0ver' };
    const target = 'AWSCognitoIdentityProviderService.SignUp';
    const error = await emulator.json(account, 'cognito-idp', target, given).then(
      () => undefined,
      ({ code }: { code: string }) => code,
    );
    emulator.close();
    return { error, runs: await runsOf(outputs.Function!) };
  };
  expect(await signUp()).toEqual({ error: 'UserLambdaValidationException', runs: 0 });
  const Leave = permission(ref('Function'), 'cognito-idp', '${Pool.Arn}');
  expect(await signUp({ Leave })).toEqual({ error: undefined, runs: 1 });
});
