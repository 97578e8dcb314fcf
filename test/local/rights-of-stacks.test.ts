import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { callIam, makeRole, type RoleOptions } from '../iam-role';
import { aCaller, inAccount } from './a-caller';
import { type ACloud, aCloud, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** CloudFormation makes, changes and deletes what its role may make, change and delete, and nothing else. */
let at: ACloud;
let count = 0;
beforeAll(async () => {
  at = await aCloud('rights-of-stacks');
});
afterAll(() => at.cloud.stop());

const unique = (name: string) => {
  count += 1;
  return `${name}-${count}`;
};
const cloudFormation = () => new CloudFormationClient(at.client);
const role = (options: Omit<RoleOptions, 'name'>) =>
  makeRole(at.cloud, { name: unique('cfn'), services: ['cloudformation'], ...options });
const everythingBut = (...Action: readonly string[]) =>
  role({
    statements: [
      { Action: '*', Resource: '*' },
      { Effect: 'Deny', Action, Resource: '*' },
    ],
  });

const settled = (StackName: string) =>
  eventually(async () => {
    const { Stacks } = await cloudFormation().send(new DescribeStacksCommand({ StackName }));
    const { StackStatus, StackId } = Stacks![0]!;
    return StackStatus?.endsWith('IN_PROGRESS') ? undefined : { status: StackStatus, id: StackId! };
  });
/** @returns why resources of a stack failed */
const failures = async (StackName: string) => {
  const { StackEvents = [] } = await cloudFormation().send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).map(
    ({ ResourceStatusReason }) => ResourceStatusReason ?? '',
  );
};
const asked = (resources: object) => ({
  TemplateBody: JSON.stringify({ Resources: resources }),
  Capabilities: ['CAPABILITY_NAMED_IAM' as const],
});
/** @returns name and status of a new stack, and the reason of its first failure */
async function create(resources: object, RoleARN?: string, client = cloudFormation()) {
  const StackName = unique('stack');
  await client.send(new CreateStackCommand({ StackName, RoleARN, ...asked(resources) }));
  const { status } = await settled(StackName);
  return { StackName, status, reason: (await failures(StackName))[0] };
}
const queue = (properties: object = {}) => ({ Jobs: { Type: 'AWS::SQS::Queue', Properties: properties } });
const aRole = (properties: object = {}) => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      ...properties,
    },
  },
});

describe('a resource of a stack', () => {
  it('is made with the rights of the stack’s role, which a refusal names', async () => {
    const able = await role({ actions: ['sqs:CreateQueue', 'sqs:GetQueueAttributes'] });
    expect(await create(queue(), able)).toMatchObject({ status: 'CREATE_COMPLETE' });

    const unable = await role({ actions: ['sns:*'] });
    const { status, reason } = await create(queue(), unable);
    expect(status).toBe('ROLLBACK_COMPLETE');
    const session = unable.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/');
    expect(reason).toMatch(
      `User: ${session}/AWSCloudFormation is not authorized to perform: sqs:CreateQueue on resource: ${inAccount(at, 'sqs', 'stack-')}`,
    );
    expect(reason).toMatch('because no identity-based policy allows the sqs:CreateQueue action');
  });

  it('is made with the rights of whoever called, if the stack has no role', async () => {
    const on = { Resource: '*' };
    const { client: unable } = await aCaller(at, [{ Action: 'cloudformation:*', ...on }]);
    const { status, reason } = await create(queue(), undefined, new CloudFormationClient(unable));
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('is not authorized to perform: sqs:CreateQueue');

    const Condition = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' } };
    const rights = [
      { Action: 'cloudformation:*', ...on },
      { Action: 'sqs:*', ...on, Condition },
    ];
    const { client: able } = await aCaller(at, rights);
    expect(await create(queue(), undefined, new CloudFormationClient(able))).toMatchObject({
      status: 'CREATE_COMPLETE',
    });
  });

  it('may be named where it is made, also by a name that CloudFormation makes up', async () => {
    const RoleARN = await role({ statements: [{ Action: 'sqs:*', Resource: inAccount(at, 'sqs', 'stack-*-Jobs-*') }] });
    expect(await create(queue(), RoleARN)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await create(queue({ QueueName: 'theirs' }), RoleARN)).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining(`sqs:CreateQueue on resource: ${inAccount(at, 'sqs', 'theirs')}`),
    });
  });

  it('needs a right for each of its properties that takes a call of its own', async () => {
    const untagging = await everythingBut('sqs:TagQueue');
    expect(await create(queue(), untagging)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await create(queue({ Tags: [{ Key: 'team', Value: 'shop' }] }), untagging)).toMatchObject({
      reason: expect.stringContaining('sqs:TagQueue'),
    });
  });

  it('is changed and deleted only with the right to', async () => {
    const RoleARN = await everythingBut('sqs:SetQueueAttributes', 'sqs:DeleteQueue');
    const { StackName } = await create(queue({ DelaySeconds: 1 }), RoleARN);
    await cloudFormation().send(new UpdateStackCommand({ StackName, ...asked(queue({ DelaySeconds: 2 })) }));
    expect(await settled(StackName)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    await cloudFormation().send(new DeleteStackCommand({ StackName }));
    expect(await settled(StackName)).toMatchObject({ status: 'DELETE_FAILED' });
    const reasons = (await failures(StackName)).join('\n');
    expect(reasons).toContain('sqs:SetQueueAttributes');
    expect(reasons).toContain('sqs:DeleteQueue');
  });
});

describe('an identity that a stack makes', () => {
  it('is refused by an explicit deny of its name', async () => {
    const RoleARN = await role({
      statements: [
        { Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'iam:*', Resource: `arn:aws:iam::${at.cloud.accountId}:role/Seedbed-*` },
      ],
    });
    expect(await create(aRole(), RoleARN)).toMatchObject({ status: 'CREATE_COMPLETE' });
    const { status, reason } = await create(aRole({ RoleName: 'Seedbed-Plan' }), RoleARN);
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(
      `iam:CreateRole on resource: arn:aws:iam::${at.cloud.accountId}:role/Seedbed-Plan with an explicit deny in an identity-based policy`,
    );
  });

  it('is refused without the boundary that a condition asks for', async () => {
    const boundary = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
    const Condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    const RoleARN = await role({
      statements: [
        { Action: ['iam:CreateRole', 'iam:PutRolePolicy'], Resource: '*', Condition },
        { Action: ['iam:GetRole', 'iam:TagRole', 'iam:DeleteRole'], Resource: '*' },
      ],
    });
    expect(await create(aRole(), RoleARN)).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining('iam:CreateRole'),
    });
    expect(await create(aRole({ PermissionsBoundary: boundary }), RoleARN)).toMatchObject({
      status: 'CREATE_COMPLETE',
    });
  });

  it('gets no policy, whatever it is called, that may not be put or attached', async () => {
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const policies = [{ PolicyName: 'all', PolicyDocument }];
    const theirs = (await makeRole(at.cloud, { name: unique('Seedbed-theirs') })).split('/')[1]!;
    const RoleARN = await everythingBut('iam:PutRolePolicy');
    expect(await create(aRole({ Policies: policies }), RoleARN)).toMatchObject({
      reason: expect.stringContaining('iam:PutRolePolicy'),
    });
    const policy = { Type: 'AWS::IAM::Policy', Properties: { ...policies[0], Roles: [theirs] } };
    expect(await create({ Policy: policy }, RoleARN)).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining(`iam:PutRolePolicy on resource: arn:aws:iam::111122223333:role/${theirs}`),
    });

    const Condition = { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' } };
    const deny = { Effect: 'Deny', Action: 'iam:AttachRolePolicy', Resource: '*', Condition };
    const narrow = await role({ statements: [{ Action: '*', Resource: '*' }, deny] });
    const attached = (name: string) => aRole({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] });
    expect(await create(attached('ReadOnlyAccess'), narrow)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await create(attached('AdministratorAccess'), narrow)).toMatchObject({
      reason: expect.stringContaining('iam:AttachRolePolicy'),
    });
  });
});

it('a stack’s role with a boundary may do what that allows', async () => {
  const RoleARN = await role({});
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess';
  const RoleName = RoleARN.split('/')[1]!;
  await callIam(at.cloud, { Action: 'PutRolePermissionsBoundary', RoleName, PermissionsBoundary });
  expect(await create(aRole(), RoleARN)).toMatchObject({
    reason: expect.stringContaining('because no permissions boundary allows the iam:CreateRole action'),
  });
});

describe('a parameter or secret that a template refers to', () => {
  beforeAll(async () => {
    const parameter = { Name: '/theirs/name', Value: 'jobs', Type: 'String' as const };
    await new SSMClient(at.client).send(new PutParameterCommand(parameter));
    await new SecretsManagerClient(at.client).send(new CreateSecretCommand({ Name: 'theirs', SecretString: 'jobs' }));
  });

  it.each([
    ['{{resolve:ssm:/theirs/name}}', 'ssm:GetParameters', 'ssm', 'parameter/theirs/name'],
    ['{{resolve:secretsmanager:theirs}}', 'secretsmanager:GetSecretValue', 'secretsmanager', 'secret:theirs-'],
  ])('is read with the rights of the stack’s role: %s', async (DisplayName, action, service, rest) => {
    const topic = { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName } } };
    expect(await create(topic, await everythingBut(action))).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: expect.stringContaining(`perform: ${action} on resource: ${inAccount(at, service, rest)}`),
    });
    expect(await create(topic, await role({}))).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  it('is refused before anything is made if it is a parameter of the template', async () => {
    const Parameters = { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/theirs/name' } };
    const Resources = queue({ QueueName: { Ref: 'Name' } });
    const ask = async (RoleARN: string) => {
      const TemplateBody = JSON.stringify({ Parameters, Resources });
      await cloudFormation().send(new CreateStackCommand({ StackName: unique('stack'), RoleARN, TemplateBody }));
    };
    await expect(ask(await everythingBut('ssm:GetParameters'))).rejects.toThrow('perform: ssm:GetParameters');
    await ask(await role({}));
  });
});

it('a role that a stack makes has its boundary, also after an update', async () => {
  const boundary = (name: string) => `arn:aws:iam::aws:policy/${name}`;
  const ask = async (StackName: string) => {
    const { StackResources } = await cloudFormation().send(new DescribeStackResourcesCommand({ StackName }));
    const RoleName = StackResources![0]!.PhysicalResourceId!;
    const answer = await callIam(at.cloud, { Action: 'GetRole', RoleName });
    return /<PermissionsBoundaryArn>([^<]+)/.exec(answer)?.[1];
  };
  const { StackName } = await create(aRole({ PermissionsBoundary: boundary('AmazonSQSFullAccess') }));
  expect(await ask(StackName)).toBe(boundary('AmazonSQSFullAccess'));
  for (const PermissionsBoundary of [boundary('AmazonSNSFullAccess'), undefined]) {
    await cloudFormation().send(new UpdateStackCommand({ StackName, ...asked(aRole({ PermissionsBoundary })) }));
    await settled(StackName);
    expect(await ask(StackName)).toBe(PermissionsBoundary);
  }
});

it('a custom resource calls its function with the rights of the stack’s role', async () => {
  const { FunctionArn } = await at.lambda.send(
    new CreateFunctionCommand({
      FunctionName: unique('provider'),
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: aZip({ 'index.js': 'exports.handler = async () => 1;' }) },
    }),
  );
  const custom = { Type: 'Custom::Thing', Properties: { ServiceToken: FunctionArn, ServiceTimeout: 1 } };
  expect(await create({ Thing: custom }, await everythingBut('lambda:InvokeFunction'))).toMatchObject({
    status: 'ROLLBACK_COMPLETE',
    reason: expect.stringContaining(`lambda:InvokeFunction on resource: ${FunctionArn}`),
  });
});

it('a role that a resource hands to a service is passed by the stack’s role', async () => {
  const Target = { Arn: inAccount(at, 'states', 'stateMachine:none'), Id: 'machine', RoleArn: ROLE };
  const rule = { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['a'] }, Targets: [Target] } };
  expect(await create({ Rule: rule }, await everythingBut('iam:PassRole'))).toMatchObject({
    status: 'ROLLBACK_COMPLETE',
    reason: expect.stringContaining(`iam:PassRole on resource: ${ROLE}`),
  });
});

it('a role that a resource only tells its own code of is passed to nobody', async () => {
  const project = {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      ServiceRole: ROLE,
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'aws/codebuild/standard:7.0',
        EnvironmentVariables: [{ Name: 'OTHER', Value: 'arn:aws:iam::999988887777:role/elsewhere' }],
      },
    },
  };
  const passesOne = await role({
    statements: [
      { Action: 'codebuild:*', Resource: '*' },
      { Action: 'iam:PassRole', Resource: ROLE },
    ],
  });
  expect(await create({ Project: project }, passesOne)).toMatchObject({ status: 'CREATE_COMPLETE' });
});
