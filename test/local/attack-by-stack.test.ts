import { rmSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { carryBoundary } from '../../lib/core/template/carry-boundary';
import { asTemplate } from '../../lib/core/template/template';
import { callIam, makeRole } from '../iam-role';
import { inlinePolicy, managedPolicy, roleOf } from '../infra/documents';
import { aPlatform } from '../infra/synthesise';
import { type ACloud, aCloud, aZip, eventually, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

/**
 * Somebody may push a branch that has a stage in the platform's own account, and tries to become the platform: by what
 * CloudFormation makes for the stack, and by what that does then. The policies are those of the synthesised stacks.
 */
const OTHER = '444455556666';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/seedbed-boundary';
const WORKER = 'arn:aws:iam::111122223333:role/seedbed/Seedbed-PlanWorkersPlanRole';
const DEPLOY_ROLE = `arn:aws:iam::${OTHER}:role/seedbed-deploy`;
const ADMINISTRATOR = [{ Action: '*', Resource: '*' }];
const ANY = [{ Effect: 'Allow', ...ADMINISTRATOR[0] }];

let at: ACloud;
let executionRole: string;
let count = 0;
const code = { ZipFile: aZip({ 'index.js': 'exports.handler = async () => 1;' }) };
const aFunctionOf = (FunctionName: string, Role: string) =>
  new CreateFunctionCommand({ FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: code });
const asRoot = <Client>(Kind: new (options: ACloud['client']) => Client) => new Kind(at.client);

beforeAll(async () => {
  at = await aCloud('attack-by-stack');
  const { app, target, otherTargets } = aPlatform({
    text: `
targets: { other: { account: '${OTHER}' } }
apps: { shop: { repository: { codecommit: shop }, stages: { dev: {}, prod: { target: other } } } }
`,
  });
  const [, boundary] = managedPolicy(target, 'StackBoundary');
  const policy = { PolicyName: 'seedbed-boundary', PolicyDocument: JSON.stringify(boundary) };
  await callIam(at.cloud, { Action: 'CreatePolicy', ...policy });
  executionRole = await makeRole(at.cloud, {
    name: 'seedbed-cloudformation',
    services: ['cloudformation'],
    statements: [...ADMINISTRATOR, ...inlinePolicy(target, 'seedbed-cloudformation', 'Guard').Statement],
  });
  const { Statement } = roleOf(otherTargets[OTHER]!, 'seedbed-deploy').AssumeRolePolicyDocument as {
    Statement: object[];
  };
  await makeRole({ ...at.cloud, accountId: OTHER }, { name: 'seedbed-deploy', trust: Statement });

  rmSync(app.outdir, { recursive: true, force: true });

  // The platform.
  await makeRole(at.cloud, { name: 'Seedbed-PlanWorkersPlanRole', path: '/seedbed/', services: ['lambda'] });
  await new Promise((resolve) => setTimeout(resolve, 200)); // a new role takes as long until Lambda may assume it
  await at.lambda.send(aFunctionOf('Seedbed-TriggerWorkersStart', WORKER));
  const parameter = { Name: '/seedbed/apps/shop', Value: '{}', Type: 'String' as const };
  await asRoot(SSMClient).send(new PutParameterCommand(parameter));
  const secret = new CreateSecretCommand({ Name: 'seedbed/github', SecretString: 'token' });
  await asRoot(SecretsManagerClient).send(secret);
  await create({ Own: { Type: 'AWS::SNS::Topic' } }, { StackName: 'Seedbed', RoleARN: undefined });
});
afterAll(() => at?.cloud.stop());

/** @returns status of a new stack, and why its first resource failed */
async function create(
  resources: object,
  { StackName = `shop-pr-${++count}`, RoleARN = executionRole as string | undefined, rendered = true } = {},
) {
  const template = asTemplate({ Resources: resources });
  const cloudFormation = asRoot(CloudFormationClient);
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      RoleARN,
      TemplateBody: JSON.stringify(rendered && RoleARN ? carryBoundary(template, BOUNDARY) : template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const status = await eventually(async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const now = Stacks![0]!.StackStatus!;
    return now.endsWith('IN_PROGRESS') ? undefined : now;
  });
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  return { status, reason: failed.at(-1)?.ResourceStatusReason };
}
const trustOf = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
});
const aRole = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trustOf({ Service: 'lambda.amazonaws.com' }), ...properties },
});
const allRights = { PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: ANY } };

describe('a stack of a preview in the platform’s own account', () => {
  it.each<[what: string, resource: () => object, action: string]>([
    [
      'a role that deploy roles would trust',
      () => aRole({ Path: '/seedbed/', RoleName: 'Seedbed-Mine', Policies: [allRights] }),
      'iam:CreateRole',
    ],
    ['a role of the platform’s name', () => aRole({ RoleName: 'Seedbed-Mine' }), 'iam:CreateRole'],
    [
      'rights for a worker’s role',
      () => ({ Type: 'AWS::IAM::Policy', Properties: { ...allRights, Roles: ['Seedbed-PlanWorkersPlanRole'] } }),
      'iam:PutRolePolicy',
    ],
    [
      'rights for CloudFormation’s own role',
      () => ({ Type: 'AWS::IAM::Policy', Properties: { ...allRights, Roles: ['seedbed-cloudformation'] } }),
      'iam:PutRolePolicy',
    ],
    [
      'rights for a role of the account without a boundary',
      () => ({ Type: 'AWS::IAM::Policy', Properties: { ...allRights, Roles: ['anything'] } }),
      'iam:PutRolePolicy',
    ],
    [
      'a function with a worker’s role',
      () => ({
        Type: 'AWS::Lambda::Function',
        Properties: { Role: WORKER, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: '1' } },
      }),
      'iam:PassRole',
    ],
    [
      'leave to call a worker',
      () => ({
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: 'Seedbed-TriggerWorkersStart',
          Action: 'lambda:InvokeFunction',
          Principal: '111122223333',
        },
      }),
      'lambda:AddPermission',
    ],
    [
      'a custom resource that calls a worker',
      () => ({
        Type: 'Custom::Release',
        Properties: {
          ServiceToken: `arn:aws:lambda:${at.cloud.region}:111122223333:function:Seedbed-TriggerWorkersStart`,
          ServiceTimeout: 1,
        },
      }),
      'lambda:InvokeFunction',
    ],
    [
      'an app of its own',
      () => ({ Type: 'AWS::SSM::Parameter', Properties: { Name: '/seedbed/apps/mine', Type: 'String', Value: '{}' } }),
      'ssm:PutParameter',
    ],
    [
      'the access to GitHub',
      () => ({
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/shop/mine', Type: 'String', Value: '{{resolve:secretsmanager:seedbed/github}}' },
      }),
      'secretsmanager:GetSecretValue',
    ],
    [
      'what is configured of another app',
      () => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName: '{{resolve:ssm:/seedbed/apps/shop}}' } }),
      'ssm:GetParameters',
    ],
    [
      'a queue of the platform’s name',
      () => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Seedbed-Mine' } }),
      'sqs:CreateQueue',
    ],
  ])('is refused %s', async (_what, resource, action) => {
    const { status, reason } = await create({ Attack: resource() });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(`is not authorized to perform: ${action} on resource`);
    expect(reason).toContain('with an explicit deny in an identity-based policy');
  });

  it('is refused a role without the boundary, where the platform does not render the template', async () => {
    for (const properties of [{}, { PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }]) {
      const { status, reason } = await create({ Attack: aRole(properties) }, { rendered: false });
      expect([status, reason]).toEqual(['ROLLBACK_COMPLETE', expect.stringContaining('iam:CreateRole')]);
    }
  });

  it('cannot take the boundary away again', async () => {
    const StackName = 'shop-pr-unbound';
    expect(await create({ Role: aRole() }, { StackName })).toMatchObject({ status: 'CREATE_COMPLETE' });
    const cloudFormation = asRoot(CloudFormationClient);
    const TemplateBody = JSON.stringify({ Resources: { Role: aRole() } });
    await cloudFormation.send(
      new UpdateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
    );
    await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks![0]!.StackStatus!.endsWith('COMPLETE') ? true : undefined;
    });
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    const reasons = StackEvents.map(({ ResourceStatusReason = '' }) => ResourceStatusReason).join('\n');
    expect(reasons).toContain('iam:DeleteRolePermissionsBoundary');
  });

  it('makes what services consist of', async () => {
    const name = 'shop-pr-service';
    expect(
      await create({
        Role: aRole({ RoleName: `${name}-role`, Policies: [allRights] }),
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: `${name}-api`,
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Runtime: 'nodejs20.x',
            Handler: 'index.handler',
            Code: { ZipFile: 'exports.handler = async () => 1;' },
          },
        },
        Jobs: { Type: 'AWS::SQS::Queue' },
        More: { Type: 'AWS::IAM::Policy', Properties: { ...allRights, PolicyName: 'x', Roles: [{ Ref: 'Role' }] } },
        Url: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/url', Type: 'String', Value: 'x' } },
        Topic: { Type: 'AWS::SNS::Topic' },
      }),
    ).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
  });
});

describe('a custom resource of such a stack, whose function’s role is administrator', () => {
  let client: ACloud['client'];
  beforeAll(async () => {
    const trust = { AssumeRolePolicyDocument: trustOf({ AWS: '111122223333' }), Policies: [allRights] };
    const made = await create({ Role: aRole({ RoleName: 'shop-pr-custom', ...trust }) });
    expect(made.status).toBe('CREATE_COMPLETE');
    client = await sessionOf('arn:aws:iam::111122223333:role/shop-pr-custom');
  });

  const refused = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.message).toMatch(/not authorized to perform.*with an explicit deny/);
  };

  it('cannot change what the platform runs', async () => {
    const FunctionName = 'Seedbed-TriggerWorkersStart';
    await refused(
      new LambdaClient(client).send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'mine' })),
    );
  });

  it('cannot read or write the platform’s parameters and secrets', async () => {
    const ssm = new SSMClient(client);
    const Name = '/seedbed/apps/shop';
    await refused(ssm.send(new PutParameterCommand({ Name, Value: '{}', Overwrite: true })));
    await refused(ssm.send(new GetParameterCommand({ Name })));
    await refused(new SecretsManagerClient(client).send(new GetSecretValueCommand({ SecretId: 'seedbed/github' })));
  });

  it('cannot give the platform’s stack a policy, or have CloudFormation act for it', async () => {
    const cloudFormation = new CloudFormationClient(client);
    const StackPolicyBody = JSON.stringify({ Statement: [{ ...ANY[0], Principal: '*', Action: 'Update:*' }] });
    await refused(cloudFormation.send(new SetStackPolicyCommand({ StackName: 'Seedbed', StackPolicyBody })));
    const TemplateBody = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
    await refused(cloudFormation.send(new CreateStackCommand({ StackName: 'mine', TemplateBody })));
  });

  it('cannot be a worker, nor deploy in another account', async () => {
    const sts = new STSClient(client);
    const deploy = { RoleArn: DEPLOY_ROLE, RoleSessionName: 'attack', ExternalId: 'seedbed' };
    await expect(sts.send(new AssumeRoleCommand(deploy))).rejects.toThrow('not authorized to perform: sts:AssumeRole');
    await expect(sts.send(new AssumeRoleCommand({ ...deploy, RoleArn: WORKER }))).rejects.toThrow(
      'not authorized to perform: sts:AssumeRole',
    );
  });
});

it('deploy roles trust workers’ roles alone: no role of such a name that is elsewhere', async () => {
  const assume = async (path: string, name: string) => {
    const arn = await makeRole(at.cloud, { path, name, actions: ['sts:AssumeRole'] });
    const sts = new STSClient(await sessionOf(arn));
    return sts.send(new AssumeRoleCommand({ RoleArn: DEPLOY_ROLE, RoleSessionName: 'attack', ExternalId: 'seedbed' }));
  };
  await expect(assume('/', 'Seedbed-Else')).rejects.toThrow('not authorized to perform: sts:AssumeRole');
  await expect(assume('/seedbed/', 'Else')).rejects.toThrow('not authorized to perform: sts:AssumeRole');
  expect(await assume('/seedbed/', 'Seedbed-Worker')).toHaveProperty('Credentials');
});

/** @returns what a client needs to call as a role that its account may assume */
async function sessionOf(RoleArn: string): Promise<ACloud['client']> {
  const { Credentials } = await asRoot(STSClient).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken };
  return { ...at.client, credentials };
}
