import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { aCaller, type Statement } from './a-caller';
import { type ACloud, aCloud, aZip, PATIENCE, ROLE } from './a-cloud';
import { aKey } from './a-key';

jest.setTimeout(PATIENCE);

/** What a customer's key encrypts is read and written with rights on the key, through the service that holds it. */
let at: ACloud;
let key: string;
beforeAll(async () => {
  at = await aCloud('keys');
  key = await aKey(at);
});
afterAll(() => at.cloud.stop());

const onKey = (Action: string | readonly string[], service: string): Statement => ({
  Action,
  Resource: key,
  Condition: { StringEquals: { 'kms:ViaService': `${service}.${at.cloud.region}.amazonaws.com` } },
});

it('objects of a bucket', async () => {
  const object = { Bucket: 'encrypted', Key: 'x' };
  const s3 = new S3Client(at.client);
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  await s3.send(new PutObjectCommand({ ...object, Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key }));
  const read = async (...more: readonly Statement[]) => {
    const { client } = await aCaller(at, [{ Action: 's3:*', Resource: '*' }, ...more]);
    return new S3Client(client).send(new GetObjectCommand(object));
  };
  await expect(read()).rejects.toThrow(`kms:Decrypt on resource: ${key}`);
  await expect(read(onKey('kms:Decrypt', 'sqs'))).rejects.toThrow(`kms:Decrypt on resource: ${key}`);
  await read(onKey('kms:Decrypt', 's3'));
});

it('messages of a queue', async () => {
  const { QueueUrl } = await new SQSClient(at.client).send(
    new CreateQueueCommand({ QueueName: 'encrypted', Attributes: { KmsMasterKeyId: key } }),
  );
  const send = async (...more: readonly Statement[]) => {
    const { client } = await aCaller(at, [{ Action: 'sqs:*', Resource: '*' }, ...more]);
    return new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  };
  await expect(send(onKey('kms:Decrypt', 'sqs'))).rejects.toThrow(`kms:GenerateDataKey on resource: ${key}`);
  await send(onKey(['kms:Decrypt', 'kms:GenerateDataKey'], 'sqs'));
});

it('functions: whoever updates their code makes a grant', async () => {
  const Code = { ZipFile: aZip({ 'index.js': '' }) };
  const it = { FunctionName: 'encrypted', Role: ROLE, Runtime: 'nodejs20.x', Handler: 'index.handler' } as const;
  await at.lambda.send(new CreateFunctionCommand({ ...it, Code, KMSKeyArn: key }));
  const update = async (...more: readonly Statement[]) => {
    const { client } = await aCaller(at, [{ Action: 'lambda:*', Resource: '*' }, ...more]);
    const change = { FunctionName: it.FunctionName, ZipFile: aZip({ 'index.js': '// changed' }) };
    return new LambdaClient(client).send(new UpdateFunctionCodeCommand(change));
  };
  await expect(update()).rejects.toThrow(`kms:CreateGrant on resource: ${key}`);
  const Condition = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  await update({ Action: 'kms:CreateGrant', Resource: key, Condition });
});

it('a template is read from S3 with the rights of whoever asks for the stack', async () => {
  const s3 = new S3Client(at.client);
  const Bucket = 'templates';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Body = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  await s3.send(new PutObjectCommand({ Bucket, Key: '@acme/t+1.json', Body }));
  const create = async (...more: readonly Statement[]) => {
    const { client } = await aCaller(at, [{ Action: ['cloudformation:*', 'sns:*'], Resource: '*' }, ...more]);
    const TemplateURL = `${at.cloud.endpoint}/${Bucket}/%40acme/t%2B1.json`; // as every character but / is written
    return new CloudFormationClient(client).send(new CreateStackCommand({ StackName: 'read', TemplateURL }));
  };
  await expect(create()).rejects.toThrow('S3 error: Access Denied');
  expect((await create({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` })).StackId).toContain('read');
});
