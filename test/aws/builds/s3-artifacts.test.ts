import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import { s3Artifacts } from '../../../lib/aws/builds/s3-artifacts';

const s3 = mockClient(S3Client);
const artifacts = s3Artifacts(new S3Client({ region: 'eu-central-1' }), 'artifacts');
const failure = (name: string): S3ServiceException =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: {} });
const put = () => artifacts.putIfAbsent('key', Buffer.from('x'), { sha256: 'hash' });

beforeEach(() => s3.reset());

describe('s3Artifacts', () => {
  it('never takes an access denied for a missing object', async () => {
    s3.onAnyCommand().rejects(failure('AccessDenied'));
    await expect(artifacts.readBytes('key')).rejects.toThrow('AccessDenied');
    await expect(artifacts.readJson('key', z.unknown())).rejects.toThrow('AccessDenied');
    await expect(artifacts.find(['key'])).rejects.toThrow('AccessDenied');
    await expect(put()).rejects.toThrow('AccessDenied');
  });

  describe('to who may list certain prefixes only', () => {
    const denied = new S3ServiceException({
      name: 'AccessDenied',
      message: 'AccessDenied',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    });
    beforeEach(() => s3.onAnyCommand().rejects(denied));

    it('finds out whether a denied object is there at all', async () => {
      s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'key.of-another' }] });
      expect(await artifacts.find(['key'])).toEqual(new Map());
      expect(await artifacts.readBytes('key')).toBeUndefined();
    });

    it('stays denied what is there, and what it may not list', async () => {
      await expect(artifacts.find(['key'])).rejects.toThrow('AccessDenied');
      s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'key' }] });
      await expect(artifacts.find(['key'])).rejects.toThrow('AccessDenied');
    });
  });

  it('reads nothing of an object that is too large', async () => {
    const Body = Readable.from([Buffer.from('{}')]);
    s3.on(GetObjectCommand).resolves({ Body: Body as never, ContentLength: 2_000_000_000 });
    await expect(artifacts.readJson('key', z.unknown())).rejects.toMatchObject({ code: 'ManifestInvalid' });
    expect(Body.destroyed).toBe(true);
    expect(Body.readableDidRead).toBe(false);
  });

  it('writes only where nothing is, with the hash for S3 to check', async () => {
    s3.on(PutObjectCommand).resolves({});
    await put();
    const [call] = s3.commandCalls(PutObjectCommand);
    expect(call!.args[0].input).toMatchObject({
      Bucket: 'artifacts',
      Key: 'key',
      IfNoneMatch: '*',
      ChecksumSHA256: 'hash',
    });
  });

  it('tries again while another write of the same key is under way', async () => {
    s3.on(PutObjectCommand)
      .rejectsOnce(failure('ConditionalRequestConflict'))
      .rejectsOnce(failure('PreconditionFailed'));
    expect(await put()).toBe('already-there');
  });

  it('gives up when the other write never ends', async () => {
    s3.on(PutObjectCommand).rejects(failure('ConditionalRequestConflict'));
    await expect(put()).rejects.toThrow('ConditionalRequestConflict');
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(3);
  });

  it('does not vouch for an object whose hash S3 does not know', async () => {
    s3.on(HeadObjectCommand).resolves({ ContentLength: 3 });
    await expect(artifacts.find(['key'])).rejects.toThrow('s3://artifacts/key has no SHA-256 checksum');
  });

  it('asks once for a key that is asked for twice', async () => {
    s3.on(HeadObjectCommand).resolves({ ContentLength: 3, ChecksumSHA256: 'hash' });
    await artifacts.find(['a', 'a', 'b']);
    expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(2);
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(0);
  });
});
