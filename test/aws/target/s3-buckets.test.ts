import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  NoSuchUpload,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { awsTargetBuckets } from '../../../lib/aws/target/aws-target-buckets';
import { s3Buckets } from '../../../lib/aws/target/s3-buckets';
import { aRelease } from '../../builders';

const s3 = mockClient(S3Client);
const buckets = s3Buckets(() => new S3Client({ region: 'eu-central-1' }));
const failure = (name: string): S3ServiceException =>
  new S3ServiceException({ name, message: `${name}!`, $fault: 'client', $metadata: {} });

beforeEach(() => s3.reset());

describe('s3Buckets', () => {
  it('lists versions and delete markers, and where the next page begins', async () => {
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: [{ Key: 'a', VersionId: '1' }],
      DeleteMarkers: [{ Key: 'b', VersionId: 'null' }],
      IsTruncated: true,
      NextKeyMarker: 'b',
      NextVersionIdMarker: 'null',
    });
    expect(await buckets.versions('uploads', { key: 'A', versionId: '0' })).toEqual({
      versions: [
        { key: 'a', versionId: '1' },
        { key: 'b', versionId: 'null' },
      ],
      next: { key: 'b', versionId: 'null' },
    });
    const [call] = s3.commandCalls(ListObjectVersionsCommand);
    expect(call!.args[0].input).toEqual({ Bucket: 'uploads', KeyMarker: 'A', VersionIdMarker: '0' });
  });

  it('tells what S3 refused to delete and why, but for what is gone', async () => {
    s3.on(DeleteObjectsCommand).resolves({
      Errors: [
        { Key: 'a', Code: 'AccessDenied', Message: 'Access Denied because object protected by object lock.' },
        { Key: 'b', Code: 'NoSuchVersion' },
      ],
    });
    expect(await buckets.delete('uploads', [{ key: 'a', versionId: '1' }])).toEqual([
      { key: 'a', reason: 'AccessDenied: Access Denied because object protected by object lock.' },
    ]);
  });

  it('asks to be tried again when S3 is busy, with a call or with single keys', async () => {
    s3.on(ListObjectVersionsCommand).rejects(failure('SlowDown'));
    await expect(buckets.versions('uploads')).rejects.toMatchObject({ name: 'Throttled' });
    s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'a', Code: 'InternalError', Message: 'try again' }] });
    await expect(buckets.delete('uploads', [{ key: 'a', versionId: '1' }])).rejects.toMatchObject({
      name: 'Throttled',
      message: 'S3 is busy with bucket "uploads": try again',
    });
  });

  it('never takes an access denied for a missing bucket', async () => {
    s3.onAnyCommand().rejects(failure('AccessDenied'));
    await expect(buckets.versions('uploads')).rejects.toThrow('AccessDenied');
    await expect(buckets.abortUploads('uploads')).rejects.toThrow('AccessDenied');
  });

  it('gives up uploads of all pages, also those that somebody else ends', async () => {
    s3.on(ListMultipartUploadsCommand)
      .resolvesOnce({
        Uploads: [{ Key: 'a', UploadId: '1' }],
        IsTruncated: true,
        NextKeyMarker: 'a',
        NextUploadIdMarker: '1',
      })
      .resolves({ Uploads: [{ Key: 'b', UploadId: '2' }] });
    s3.on(AbortMultipartUploadCommand)
      .rejectsOnce(new NoSuchUpload({ message: 'gone', $metadata: {} }))
      .resolves({});
    expect(await buckets.abortUploads('uploads')).toBe(2);
    expect(s3.commandCalls(ListMultipartUploadsCommand)[1]!.args[0].input).toMatchObject({ KeyMarker: 'a' });
    expect(s3.commandCalls(AbortMultipartUploadCommand)).toHaveLength(2);
  });
});

describe('awsTargetBuckets', () => {
  it('reaches a bucket with the removal role, narrowed to that bucket', async () => {
    const sts = mockClient(STSClient);
    const Credentials = {
      AccessKeyId: 'id',
      SecretAccessKey: 'key',
      SessionToken: 'token',
      Expiration: new Date(Date.now() + 3_600_000),
    };
    sts.on(AssumeRoleCommand).resolves({ Credentials });
    s3.restore();
    const target = awsTargetBuckets(new STSClient({ region: 'eu-central-1' }), {
      artifactBucket: 'artifacts',
      session: 'seedbed-empty-buckets',
    });
    const ports = target(aRelease().target).buckets;
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    for (const bucket of ['uploads', 'uploads', 'reports']) await ports.versions(bucket).catch(() => undefined);
    delete process.env.AWS_ENDPOINT_URL;

    const calls = sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);
    expect(calls.map(({ RoleArn, ExternalId }) => [RoleArn, ExternalId])).toEqual(
      Array(2).fill(['arn:aws:iam::123456789012:role/seedbed-removal', 'seedbed']),
    );
    expect(calls.map(({ Policy }) => JSON.parse(Policy!).Statement)).toEqual(
      ['uploads', 'reports'].map((bucket) => [
        expect.objectContaining({ Effect: 'Allow', Resource: `arn:aws:s3:::${bucket}` }),
        expect.objectContaining({ Effect: 'Allow', Resource: `arn:aws:s3:::${bucket}/*` }),
      ]),
    );
  });
});
