import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { rootClient } from '../../lib/local/calls/root-client';
import { type ACloud, aCloud, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** What can only be said of a resource as it is made makes a new one when it changes; the old one goes. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('replaced');
});
afterAll(() => at.cloud.stop());

const cloudFormation = () => new CloudFormationClient(at.client);
const settled = (StackName: string) =>
  eventually(async () => {
    const { Stacks } = await cloudFormation().send(new DescribeStacksCommand({ StackName }));
    const { StackStatus } = Stacks![0]!;
    return StackStatus!.endsWith('IN_PROGRESS') ? undefined : StackStatus;
  });
const ref = (id: string) => ({ Ref: id });
const asked = (Resources: object) => ({
  TemplateBody: JSON.stringify({ Resources }),
  Capabilities: ['CAPABILITY_NAMED_IAM' as const],
});

/**
 * Makes a stack with a resource `It`, and changes that.
 * @returns how that ended, both ids of `It`, and what the events tell
 */
async function change(before: object, after: object, others: object = {}) {
  count += 1;
  const StackName = `replaced-${count}`;
  const idOfIt = async () => {
    const { StackResources } = await cloudFormation().send(new DescribeStackResourcesCommand({ StackName }));
    return StackResources!.find(({ LogicalResourceId }) => LogicalResourceId === 'It')!.PhysicalResourceId!;
  };
  await cloudFormation().send(new CreateStackCommand({ StackName, ...asked({ It: before, ...others }) }));
  expect(await settled(StackName)).toBe('CREATE_COMPLETE');
  const first = await idOfIt();
  await cloudFormation().send(new UpdateStackCommand({ StackName, ...asked({ It: after, ...others }) }));
  const status = await settled(StackName);
  const { StackEvents = [] } = await cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  const reasons = StackEvents.flatMap(({ ResourceStatusReason }) => ResourceStatusReason ?? []);
  return { StackName, status, first, second: await idOfIt(), reasons };
}

const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: 'exports.handler = async () => 1;' },
  },
};
const RestApi = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } };
const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const role = (Path: string) => ({ Type: 'AWS::IAM::Role', Properties: { Path, AssumeRolePolicyDocument: trust } });
const table = (TableName: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
});
const named = (Type: string, properties: object) => ({ Type, Properties: properties });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const schedule = (Name: string) =>
  named('AWS::Scheduler::Schedule', {
    Name,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: 'rate(1 day)',
    Target: { Arn: arnOf('Queue'), RoleArn: arnOf('Role') },
  });
const scheduling = {
  ...role('/').Properties,
  AssumeRolePolicyDocument: {
    ...trust,
    Statement: [{ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
};

it.each<[what: string, before: object, after: object, others?: object]>([
  ['a bucket', named('AWS::S3::Bucket', { BucketName: 'one' }), named('AWS::S3::Bucket', { BucketName: 'two' })],
  ['a queue', queue('one'), queue('two')],
  ['a topic', named('AWS::SNS::Topic', { TopicName: 'one' }), named('AWS::SNS::Topic', { TopicName: 'two' })],
  ['a table', table('one'), table('two')],
  ['a role', role('/one/'), role('/two/')],
  [
    'a log group',
    named('AWS::Logs::LogGroup', { LogGroupName: 'one' }),
    named('AWS::Logs::LogGroup', { LogGroupName: 'two' }),
  ],
  [
    'a function',
    { ...FUNCTION, Properties: { ...FUNCTION.Properties, FunctionName: 'one' } },
    { ...FUNCTION, Properties: { ...FUNCTION.Properties, FunctionName: 'two' } },
  ],
  ['a stream', named('AWS::Kinesis::Stream', { Name: 'one' }), named('AWS::Kinesis::Stream', { Name: 'two' })],
  ['a bus', named('AWS::Events::EventBus', { Name: 'one' }), named('AWS::Events::EventBus', { Name: 'two' })],
  [
    'a schedule',
    schedule('one'),
    schedule('two'),
    { Queue: queue('scheduled'), Role: named('AWS::IAM::Role', scheduling) },
  ],
  [
    'an event source',
    named('AWS::Lambda::EventSourceMapping', { FunctionName: ref('Function'), EventSourceArn: arnOf('First') }),
    named('AWS::Lambda::EventSourceMapping', { FunctionName: ref('Function'), EventSourceArn: arnOf('Second') }),
    { Function: FUNCTION, First: queue('first'), Second: queue('second') },
  ],
  [
    'a resource of an API',
    named('AWS::ApiGateway::Resource', { RestApiId: ref('Api'), ParentId: root, PathPart: 'one' }),
    named('AWS::ApiGateway::Resource', { RestApiId: ref('Api'), ParentId: root, PathPart: 'two' }),
    { Api: RestApi },
  ],
  [
    'a model of an API',
    named('AWS::ApiGateway::Model', {
      RestApiId: ref('Api'),
      ContentType: 'application/json',
      Name: 'one',
      Schema: {},
    }),
    named('AWS::ApiGateway::Model', {
      RestApiId: ref('Api'),
      ContentType: 'application/json',
      Name: 'two',
      Schema: {},
    }),
    { Api: RestApi },
  ],
])('%s is replaced', async (_what, before, after, others = {}) => {
  const { status, first, second } = await change(before, after, others);
  expect(status).toBe('UPDATE_COMPLETE');
  expect(second).not.toBe(first);
});

it('the old one goes', async () => {
  const bucket = (BucketName: string) => named('AWS::S3::Bucket', { BucketName });
  const { reasons } = await change(bucket('gone'), bucket('here'));
  expect(reasons).toContainEqual(
    'Requested update requires the creation of a new physical resource; hence creating one.',
  );
  const s3 = new S3Client(at.client);
  await s3.send(new HeadBucketCommand({ Bucket: 'here' }));
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'gone' }))).rejects.toMatchObject({ name: 'NotFound' });
});

it('a method of another path is another method, and the old path has none any more', async () => {
  const path = (PathPart: string) =>
    named('AWS::ApiGateway::Resource', { RestApiId: ref('Api'), ParentId: root, PathPart });
  const method = (id: string) =>
    named('AWS::ApiGateway::Method', {
      RestApiId: ref('Api'),
      ResourceId: ref(id),
      HttpMethod: 'GET',
      AuthorizationType: 'NONE',
      Integration: { Type: 'MOCK' },
    });
  const { status, StackName } = await change(method('One'), method('Two'), {
    Api: RestApi,
    One: path('one'),
    Two: path('two'),
  });
  expect(status).toBe('UPDATE_COMPLETE');
  const { StackResources } = await cloudFormation().send(new DescribeStackResourcesCommand({ StackName }));
  const idOf = (name: string) => StackResources!.find((each) => each.LogicalResourceId === name)!.PhysicalResourceId!;
  const client = rootClient(at.cloud);
  const methodsOf = async (name: string) => {
    const account = { accessKey: at.cloud.accountId, region: at.cloud.region };
    const asked = { method: 'GET', path: `/restapis/${idOf('Api')}/resources/${idOf(name)}` };
    const answer = await client.send(account, 'apigateway', asked);
    return Object.keys(JSON.parse(answer.body.toString('utf8')).resourceMethods ?? {});
  };
  expect(await methodsOf('Two')).toEqual(['GET']);
  expect(await methodsOf('One')).toEqual([]);
  client.close();
});

it('a custom resource keeps its function', async () => {
  const code = (text: string) => ({ ...FUNCTION, Properties: { ...FUNCTION.Properties, Code: { ZipFile: text } } });
  const answering = code(
    "exports.handler = async (event) => fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ ...event, Status: 'SUCCESS', PhysicalResourceId: 'it' }) }).then(() => undefined);",
  );
  const custom = (id: string) => named('Custom::Thing', { ServiceToken: arnOf(id) });
  const { status, reasons } = await change(custom('One'), custom('Two'), { One: answering, Two: answering });
  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reasons).toContainEqual('Modifying service token is not allowed.');
});
