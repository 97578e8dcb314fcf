import { createServer } from 'node:net';
import { CodeDeployClient, ListApplicationsCommand } from '@aws-sdk/client-codedeploy';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalCloud } from '../../lib/local/local-cloud';
import { type ACloud, aCloud, PATIENCE } from './a-cloud';

jest.setTimeout(PATIENCE);

describe('the gateway', () => {
  let at: ACloud;
  beforeAll(async () => {
    at = await aCloud('gateway');
  });
  afterAll(() => at.cloud.stop());

  const call = (service: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(at.cloud.endpoint, {
      ...init,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        ...headers,
      },
    });

  it('forwards calls to the emulator as they are', async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'forwarded' }));
    const Body = Buffer.alloc(3_000_000, 'bytes');
    await s3.send(new PutObjectCommand({ Bucket: 'forwarded', Key: 'a/b c', Body, Metadata: { note: 'kept' } }));
    const found = await s3.send(new GetObjectCommand({ Bucket: 'forwarded', Key: 'a/b c' }));
    expect(found.Metadata).toEqual({ note: 'kept' });
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  });

  it('names a service that nobody implements, so that an SDK understands it', async () => {
    await expect(new CodeDeployClient(at.client).send(new ListApplicationsCommand({}))).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'the local cloud does not implement codedeploy ListApplications',
    });
  });

  it('names it to clients of the query protocol too', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call('elasticbeanstalk', form, { method: 'POST', body: 'Action=DescribeApplications' });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain(
      '<Code>NotImplementedException</Code><Message>the local cloud does not implement elasticbeanstalk DescribeApplications</Message>',
    );
  });

  it('names an operation that nobody implements', async () => {
    const target = { 'x-amz-target': 'CodeCommit_20150413.MergePullRequestByThreeWay' };
    const answer = await call('codecommit', target, { method: 'POST', body: '{}' });
    expect(await answer.json()).toEqual({
      __type: 'NotImplementedException',
      message: 'the local cloud does not implement CodeCommit_20150413.MergePullRequestByThreeWay',
    });
  });

  it('counts calls by service, operation and caller', async () => {
    await fetch(`${at.cloud.endpoint}/_seedbed/calls/reset`, { method: 'POST' });
    const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await (await call('dynamodb', json, { method: 'POST', body: '{}' })).text();
    await (await call('dynamodb', json, { method: 'POST', body: '{}' })).text();
    await (await call('sts', form, { method: 'POST', body: 'Action=GetCallerIdentity&Version=2011-06-15' })).text();
    const s3 = new S3Client(at.client);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'x' }))).rejects.toThrow();
    const caller = 'arn:aws:iam::111122223333:root';
    expect(await (await fetch(`${at.cloud.endpoint}/_seedbed/calls`)).json()).toEqual([
      { service: 'dynamodb', operation: 'ListTables', accessKey: '111122223333', caller, count: 2, errors: 0 },
      { service: 's3', operation: 'GetObject', accessKey: '111122223333', caller, count: 1, errors: 1 },
      { service: 'sts', operation: 'GetCallerIdentity', accessKey: '111122223333', caller, count: 1, errors: 0 },
    ]);
  });

  it('says which port is taken and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(startLocalCloud({ name: 'taken', port })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message: `port ${port} is taken by another program: choose another one with --port, or leave it out for any free one`,
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
