import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CodeDeployClient, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { makeRole } from '../iam-role';
import { inAccount as arnIn, aCaller as callerOf, type Statement } from './a-caller';
import { type ACloud, aCloud, aZip, eventually, ROLE } from './a-cloud';

/** Every call of a role is judged by the policies that are deployed, and refused as on AWS. */
const ELSEWHERE = '444455556666';

let at: ACloud;
beforeAll(async () => {
  at = await aCloud('rights');
});
afterAll(() => at.cloud.stop());

const aCaller = (statements: readonly Statement[], accountId?: string) => callerOf(at, statements, accountId);
const inAccount = (service: string, rest: string) => arnIn(at, service, rest);
let count = 0;

describe('a call of a role', () => {
  it('is refused without a right, with who, what and on what', async () => {
    const { arn, client } = await aCaller([{ Action: 's3:ListBucket', Resource: '*' }]);
    const name = arn.split('/')[1];
    await expect(
      new LambdaClient(client).send(new GetAliasCommand({ FunctionName: 'orders', Name: 'live' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        `^User: arn:aws:sts::111122223333:assumed-role/${name}/test is not authorized to perform: lambda:GetAlias `,
      ),
    });
  });

  it('is judged with the values of the call in the place of variables, in policies of roles and of buckets', async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'by-account' }));
    for (const Key of ['111122223333/a', `${ELSEWHERE}/a`])
      await s3.send(new PutObjectCommand({ Bucket: 'by-account', Key, Body: 'x' }));
    const own = 'arn:aws:s3:::by-account/${aws:PrincipalAccount}/*';
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ELSEWHERE}:root` },
          Action: 's3:GetObject',
          Resource: own,
        },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'by-account', Policy }));
    const read = (client: S3Client, account: string) =>
      client.send(new GetObjectCommand({ Bucket: 'by-account', Key: `${account}/a` }));
    const here = new S3Client((await aCaller([{ Action: 's3:GetObject', Resource: own }])).client);
    await read(here, '111122223333');
    await expect(read(here, ELSEWHERE)).rejects.toMatchObject({ name: 'AccessDenied' });
    const there = new S3Client((await aCaller([{ Action: 's3:GetObject', Resource: '*' }], ELSEWHERE)).client);
    await read(there, ELSEWHERE);
    await expect(read(there, '111122223333')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('is refused with the resource as AWS names it', async () => {
    const { client } = await aCaller([{ Action: 'sts:GetCallerIdentity', Resource: '*' }]);
    const describe = (input: { StackName?: string }) =>
      new CloudFormationClient(client).send(new DescribeStacksCommand(input));
    const why = 'because no identity-based policy allows the';
    await expect(describe({ StackName: 'network' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `cloudformation:DescribeStacks on resource: ${inAccount('cloudformation', 'stack/network/*')} ${why} cloudformation:`,
      ),
    });
    await expect(describe({})).rejects.toThrow(`perform: cloudformation:DescribeStacks ${why}`);
    await new S3Client(at.client).send(new CreateBucketCommand({ Bucket: 'settings' }));
    const object = new GetObjectCommand({ Bucket: 'settings', Key: 'prod/a.json' });
    await expect(new S3Client(client).send(object)).rejects.toThrow(
      `s3:GetObject on resource: "arn:aws:s3:::settings/prod/a.json" ${why}`,
    );
    const secret = new GetSecretValueCommand({ SecretId: 'shop/database-secret' });
    await expect(new SecretsManagerClient(client).send(secret)).rejects.toThrow(
      `secretsmanager:GetSecretValue on resource: shop/database-secret ${why}`,
    );
  });

  it('is judged by its own action, not by another one of the same path', async () => {
    const orders = inAccount('lambda', 'function:orders');
    const { client } = await aCaller([{ Action: 'lambda:GetAlias', Resource: orders }]);
    const lambda = new LambdaClient(client);
    const alias = { FunctionName: 'orders', Name: 'live' };
    await expect(lambda.send(new GetAliasCommand(alias))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: '1' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('lambda:UpdateAlias'),
    });
  });

  it('is judged for each of several resources', async () => {
    for (const Name of ['/mine/one', '/theirs/two'])
      await new SSMClient(at.client).send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' }));
    const { client } = await aCaller([{ Action: 'ssm:GetParameters', Resource: inAccount('ssm', 'parameter/mine/*') }]);
    const ssm = new SSMClient(client);
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names: ['/mine/one'] }));
    expect(Parameters).toHaveLength(1);
    await expect(ssm.send(new GetParametersCommand({ Names: ['/mine/one', '/theirs/two'] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('is judged by its conditions, such as that nothing is overwritten', async () => {
    await new S3Client(at.client).send(new CreateBucketCommand({ Bucket: 'once' }));
    const Condition = { Null: { 's3:if-none-match': 'false' } };
    const { client } = await aCaller([{ Action: 's3:PutObject', Resource: 'arn:aws:s3:::once/*', Condition }]);
    const s3 = new S3Client(client);
    const object = { Bucket: 'once', Key: 'bundle.zip', Body: 'x' };
    await expect(s3.send(new PutObjectCommand(object))).rejects.toMatchObject({ name: 'AccessDenied' });
    await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
  });

  it('is judged where the gateway answers, too: a right on an ARN is none for an action without resources', async () => {
    const group = inAccount('codedeploy', 'deploymentgroup:*');
    const stop = (statements: readonly Statement[]) =>
      aCaller(statements).then(({ client }) =>
        new CodeDeployClient(client).send(new StopDeploymentCommand({ deploymentId: 'd-ABCDEFGHI' })),
      );
    const Action = 'codedeploy:StopDeployment';
    await expect(stop([{ Action, Resource: group }])).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`${Action} on resource: *`),
    });
    await expect(stop([{ Action, Resource: '*' }])).rejects.toMatchObject({ name: 'DeploymentDoesNotExistException' });
  });

  it('into another account needs the leave of both', async () => {
    await new S3Client(at.client).send(new CreateBucketCommand({ Bucket: 'ours' }));
    await new S3Client(at.client).send(new PutObjectCommand({ Bucket: 'ours', Key: 'x', Body: 'x' }));
    const { client } = await aCaller([{ Action: 's3:*', Resource: '*' }], ELSEWHERE);
    await expect(new S3Client(client).send(new GetObjectCommand({ Bucket: 'ours', Key: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

it('a signature that is none is refused', async () => {
  const { client } = await aCaller([{ Action: '*', Resource: '*' }]);
  const credentials = { ...client.credentials, secretAccessKey: 'guessed' };
  await expect(
    new SSMClient({ ...client, credentials }).send(new GetParametersCommand({ Names: ['/x'] })),
  ).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});

describe('a stack operation', () => {
  const code = { S3Bucket: 'code', S3Key: 'hello.zip' };
  const properties = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE, Code: code };
  const TemplateBody = JSON.stringify({
    Resources: { Hello: { Type: 'AWS::Lambda::Function', Properties: properties } },
  });
  beforeAll(async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new CreateBucketCommand({ Bucket: code.S3Bucket }));
    const Body = aZip({ 'index.js': 'exports.handler = async () => 1;' });
    await s3.send(new PutObjectCommand({ Bucket: code.S3Bucket, Key: code.S3Key, Body }));
  });
  const cloudFormation = () => new CloudFormationClient(at.client);
  const role = async (options: object) => {
    count += 1;
    return makeRole(at.cloud, { name: `stack-${count}`, ...options });
  };

  it('needs the right to pass its role, and that the role trusts CloudFormation', async () => {
    const trusted = await role({ services: ['cloudformation'] });
    const { client } = await aCaller([{ Action: 'cloudformation:*', Resource: '*' }]);
    const asked = { StackName: 'passed', TemplateBody };
    await expect(
      new CloudFormationClient(client).send(new CreateStackCommand({ ...asked, RoleARN: trusted })),
    ).rejects.toThrow(`is not authorized to perform: iam:PassRole on resource: ${trusted}`);
    const untrusted = await role({ services: ['lambda'] });
    await expect(cloudFormation().send(new CreateStackCommand({ ...asked, RoleARN: untrusted }))).rejects.toThrow(
      `Role ${untrusted} is invalid or cannot be assumed`,
    );
  });

  it('fails if its role may not read the code of a function', async () => {
    const RoleARN = await role({ services: ['cloudformation'], actions: ['lambda:*', 'iam:PassRole'] });
    await cloudFormation().send(new CreateStackCommand({ StackName: 'unread', TemplateBody, RoleARN }));
    const status = await eventually(async () => {
      const { Stacks } = await cloudFormation().send(new DescribeStacksCommand({ StackName: 'unread' }));
      const { StackStatus } = Stacks![0]!;
      return StackStatus?.endsWith('IN_PROGRESS') ? undefined : StackStatus;
    });
    expect(status).toBe('ROLLBACK_COMPLETE');
  });
});
