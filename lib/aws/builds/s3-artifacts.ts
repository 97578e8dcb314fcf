import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ReleaseError } from '../../core/contracts/errors';
import { MOST_STORED_BYTES, parseStoredJson, refuseLarge } from '../../core/contracts/parse-stored-json';
import type { Artifacts, StoredObject } from '../../ports/artifacts';

/** HEAD requests in flight at once: enough to hide the latency, below the SDK's 50 sockets. */
const PARALLEL_HEADS = 32;
const MAX_PUT_ATTEMPTS = 3;

/**
 * The artifact repository in an S3 bucket. The caller needs s3:GetObject, s3:PutObject and s3:ListBucket: without the
 * last, S3 answers 403 instead of 404 for a missing key, and an access denied is never taken for "missing" here. S3 may
 * also answer 403 to a caller that can list only certain prefixes, such as a build; listing that one key then tells.
 */
export function s3Artifacts(s3: S3Client, bucket: string): Artifacts {
  /** @returns whether a denied call was denied because there is no such object. */
  const isMissing = async (key: string, denied: unknown): Promise<boolean> => {
    if (!(denied instanceof S3ServiceException) || denied.$metadata.httpStatusCode !== 403) return false;
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    const { Contents } = await s3.send(list).catch(() => {
      throw denied;
    });
    return Contents?.[0]?.Key !== key;
  };

  const readBytes = async (key: string): Promise<Uint8Array | undefined> => {
    try {
      const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      // Before any of it is read; the connection is of no more use then.
      if (ContentLength > MOST_STORED_BYTES && Body instanceof Readable) Body.destroy();
      refuseLarge(key, ContentLength);
      return await Body!.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey || (await isMissing(key, error))) return undefined;
      throw error;
    }
  };

  const describe = async (key: string): Promise<StoredObject | undefined> => {
    try {
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
      if (head.ChecksumSHA256 === undefined) throw withoutChecksum(`s3://${bucket}/${key}`);
      return { sha256: head.ChecksumSHA256, size: head.ContentLength ?? 0 };
    } catch (error) {
      // A HEAD has no body: S3 can only say 404, which the SDK names NotFound.
      if (error instanceof NotFound || (await isMissing(key, error))) return undefined;
      throw error;
    }
  };

  return {
    putIfAbsent: async (key, bytes, { sha256 }) => {
      const put = { Bucket: bucket, Key: key, Body: bytes, ChecksumSHA256: sha256, IfNoneMatch: '*' };
      for (let attempt = 1; ; attempt++) {
        try {
          await s3.send(new PutObjectCommand(put));
          return 'stored';
        } catch (error) {
          if (!(error instanceof S3ServiceException)) throw error;
          if (error.name === 'PreconditionFailed') return 'already-there';
          // 409: another write of the same key is under way; S3 asks to try again, which the SDK does not.
          if (error.name !== 'ConditionalRequestConflict' || attempt === MAX_PUT_ATTEMPTS) throw error;
        }
      }
    },

    find: async (keys) => {
      const found = new Map<string, StoredObject>();
      const queue = [...new Set(keys)];
      const work = async () => {
        for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
          const object = await describe(key);
          if (object) found.set(key, object);
        }
      };
      await Promise.all(Array.from({ length: Math.min(PARALLEL_HEADS, queue.length) }, work));
      return found;
    },

    readBytes,

    readJson: async (key, schema) => {
      const bytes = await readBytes(key);
      return bytes && parseStoredJson(key, Buffer.from(bytes).toString('utf8'), schema);
    },

    writeJson: async (key, value) => {
      const Body = JSON.stringify(value);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: 'application/json' }));
    },
  };
}

const withoutChecksum = (object: string): ReleaseError =>
  new ReleaseError(
    'BundleCorrupt',
    `${object} has no SHA-256 checksum, so no build stored it; delete that object and release again to rebuild it`,
  );
