import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { CodeDeployClient, ListGitHubAccountTokenNamesCommand } from '@aws-sdk/client-codedeploy';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { asRoot } from '../../lib/local/calls/authorize';
import type { CallCount } from '../../lib/local/gateway/call-log';
import { startLocalCloud } from '../../lib/local/local-cloud';
import { type ACloud, aCloud, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

describe('the gateway', () => {
  let at: ACloud;
  beforeAll(async () => {
    at = await aCloud('gateway');
  });
  afterAll(() => at.cloud.stop());

  const call = async (service: string, headers: Record<string, string>, body: string) =>
    fetch(at.cloud.endpoint, { method: 'POST', headers: await signed(at, service, headers, body), body });

  it('forwards calls to the emulator unchanged', async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'forwarded' }));
    const Body = Buffer.alloc(3_000_000, 'bytes');
    await s3.send(new PutObjectCommand({ Bucket: 'forwarded', Key: 'a/b c', Body, Metadata: { note: 'kept' } }));
    const found = await s3.send(new GetObjectCommand({ Bucket: 'forwarded', Key: 'a/b c' }));
    expect(found.Metadata).toEqual({ note: 'kept' });
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  });

  it('names a service that nobody implements', async () => {
    const target = { 'x-amz-target': 'CodePipeline_20150709.ListPipelines' };
    const answer = await call('codepipeline', target, '{}');
    expect(answer.status).toBe(501);
    expect(await answer.json()).toEqual({
      __type: 'NotImplementedException',
      message: 'the local cloud does not implement codepipeline ListPipelines',
    });
  });

  it('names such a service to clients of the query protocol too', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call('elasticbeanstalk', form, 'Action=DescribeApplications');
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain(
      '<Code>NotImplementedException</Code>' +
        '<Message>the local cloud does not implement elasticbeanstalk DescribeApplications</Message>',
    );
  });

  it('refuses a call that is not signed', async () => {
    const headers = { 'x-amz-target': 'CodeCommit_20150413.ListRepositories' };
    const answer = await fetch(at.cloud.endpoint, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });

  it('names an operation that nobody implements', async () => {
    const target = { 'x-amz-target': 'CodeCommit_20150413.MergePullRequestByThreeWay' };
    const answer = await call('codecommit', target, '{}');
    expect(await answer.json()).toEqual({
      __type: 'NotImplementedException',
      message: 'the local cloud does not implement CodeCommit_20150413.MergePullRequestByThreeWay',
    });
  });

  it('names such an operation in a form that SDKs understand', async () => {
    const client = new CodeDeployClient(at.client);
    await expect(client.send(new ListGitHubAccountTokenNamesCommand({}))).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'the local cloud does not implement CodeDeploy_20141006.ListGitHubAccountTokenNames',
    });
  });

  it('counts calls by service, operation and caller', async () => {
    await fetch(`${at.cloud.endpoint}/_seedbed/calls/reset`, { method: 'POST' });
    const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await (await call('dynamodb', json, '{}')).text();
    await (await call('dynamodb', json, '{}')).text();
    await (await call('sts', form, 'Action=GetCallerIdentity&Version=2011-06-15')).text();
    const s3 = new S3Client(at.client);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'x' }))).rejects.toThrow();
    const caller = 'arn:aws:iam::111122223333:root';
    expect(await (await fetch(`${at.cloud.endpoint}/_seedbed/calls`)).json()).toEqual([
      { service: 'dynamodb', operation: 'ListTables', accessKey: '111122223333', caller, count: 2, errors: 0 },
      { service: 's3', operation: 'GetObject', accessKey: '111122223333', caller, count: 1, errors: 1 },
      { service: 'sts', operation: 'GetCallerIdentity', accessKey: '111122223333', caller, count: 1, errors: 0 },
    ]);
  });

  it("counts Lambda's calls by function", async () => {
    await fetch(`${at.cloud.endpoint}/_seedbed/calls/reset`, { method: 'POST' });
    const lambda = new LambdaClient(at.client);
    const arn = 'arn:aws:lambda:us-east-1:111122223333:function:two';
    for (const FunctionName of ['one', arn])
      await expect(lambda.send(new GetFunctionCommand({ FunctionName }))).rejects.toThrow();
    const counted = (await (await fetch(`${at.cloud.endpoint}/_seedbed/calls`)).json()) as CallCount[];
    expect(counted.map(({ operation, functionName, count }) => [operation, functionName, count])).toEqual([
      ['GetFunction', 'one', 1],
      ['GetFunction', 'two', 1],
    ]);
  });

  it("speaks HTTP/2 with clients that begin with it, as the SDK's client for Kinesis does", async () => {
    await fetch(`${at.cloud.endpoint}/_seedbed/calls/reset`, { method: 'POST' });
    const kinesis = async (operation: string, input: object) =>
      JSON.parse((await http2(at, 'kinesis', `Kinesis_20131202.${operation}`, JSON.stringify(input))).body);
    await http2(at, 'kinesis', 'Kinesis_20131202.CreateStream', '{"StreamName":"wide","ShardCount":1}');
    const Data = Buffer.alloc(300_000, 'bytes').toString('base64');
    await kinesis('PutRecord', { StreamName: 'wide', PartitionKey: 'a', Data });
    const [shard] = (await kinesis('ListShards', { StreamName: 'wide' })).Shards;
    const from = { StreamName: 'wide', ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { Records } = await kinesis('GetRecords', await kinesis('GetShardIterator', from));
    expect(Records).toMatchObject([{ PartitionKey: 'a', Data }]);

    const log = (await (await fetch(`${at.cloud.endpoint}/_seedbed/calls`)).json()) as { operation: string }[];
    expect(log).toContainEqual(
      expect.objectContaining({ service: 'kinesis', operation: 'PutRecord', accessKey: '111122223333', count: 1 }),
    );
  });

  it('uses HTTP/2 also for its own answers', async () => {
    const answer = await http2(at, 'codecommit', 'CodeCommit_20150413.NoSuchCall', '{}');
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body).message).toBe('the local cloud does not implement CodeCommit_20150413.NoSuchCall');
  });

  it('waits for the rest of a request that arrives in pieces', async () => {
    const socket = connect(Number(new URL(at.cloud.endpoint).port), '127.0.0.1').setNoDelay();
    const answer = new Promise<string>((resolve) => socket.once('data', (text) => resolve(String(text))));
    for (const piece of ['P', 'O', 'ST /_seedbed/calls HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n'])
      await new Promise<void>((resolve) => socket.write(piece, () => setImmediate(resolve)));
    expect(await answer).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });

  it('says which port is taken and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(startLocalCloud({ name: 'taken', port })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message:
        `port ${port} is taken by another program: ` +
        'choose another one with --port, or leave it out for any free one',
    });
    await new Promise((resolve) => other.close(resolve));
  });
});

/** @returns the headers of a call of the account's root, signed */
async function signed({ cloud }: ACloud, service: string, headers: Record<string, string>, body: string) {
  const root = { accessKey: cloud.accountId, region: cloud.region };
  const authorize = asRoot(cloud.root.secretAccessKey, cloud.endpoint);
  return { ...headers, ...(await authorize(root, service, { method: 'POST', path: '/', headers, body })) };
}

/** Sends a call as a client does that knows the server to speak HTTP/2. */
async function http2(at: ACloud, service: string, target: string, body: string) {
  const session = connectHttp2(at.cloud.endpoint);
  const about = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const { host: _, ...headers } = await signed(at, service, about, body); // HTTP/2 has `:authority` instead
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
  const status = new Promise<number>((resolve, reject) => {
    stream.once('response', (headers) => resolve(Number(headers[':status'])));
    session.once('error', reject);
    stream.once('error', reject);
  });
  stream.end(body);
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part;
  session.close();
  return { status: await status, body: text };
}
