import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  NoSuchUpload,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ReleaseError } from '../../core/contracts/errors';
import type { Buckets, ObjectVersion, VersionsPage } from '../../ports/buckets';
import { chunks } from '../clients/chunks';

/** Most that one DeleteObjects takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const PER_CALL = 1_000;
const PARALLEL_ABORTS = 20;
/** S3 can also be busy with single keys, and says so in an answer that is a success. */
const BUSY = new Set(['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'OperationAborted']);

/**
 * The port Buckets over S3.
 * @param clientOf makes a client that may change that bucket, and no other
 */
export function s3Buckets(clientOf: (bucket: string) => S3Client): Buckets {
  return {
    versions: (Bucket, after) =>
      unlessBusy(Bucket, async () => {
        try {
          const position = after && { KeyMarker: after.key, VersionIdMarker: after.versionId };
          const page = await clientOf(Bucket).send(new ListObjectVersionsCommand({ Bucket, ...position }));
          const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
          const versions = found.map(({ Key, VersionId }): ObjectVersion => ({ key: Key!, versionId: VersionId! }));
          if (!page.IsTruncated) return { versions };
          return { versions, next: { key: page.NextKeyMarker!, versionId: page.NextVersionIdMarker } };
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }) satisfies Promise<VersionsPage | undefined>,

    delete: (Bucket, versions) =>
      unlessBusy(Bucket, async () => {
        const refused = [];
        for (const some of chunks(versions, PER_CALL)) {
          const Objects = some.map(({ key: Key, versionId: VersionId }) => ({ Key, VersionId }));
          const { Errors = [] } = await clientOf(Bucket).send(
            new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
          );
          const busy = Errors.find(({ Code }) => BUSY.has(Code ?? ''));
          if (busy) throw isBusy(Bucket, busy.Message ?? busy.Code!);
          for (const { Key, Code, Message } of Errors) {
            if (Code !== 'NoSuchVersion')
              refused.push({ key: Key!, reason: [Code, Message].filter(Boolean).join(': ') });
          }
        }
        return refused;
      }),

    abortUploads: (Bucket) =>
      unlessBusy(Bucket, async () => {
        let count = 0;
        // The SDK has no paginator for this call.
        let marker: UploadsMarker | undefined = {};
        while (marker) {
          const page: ListMultipartUploadsCommandOutput | undefined = await listUploads(
            clientOf(Bucket),
            Bucket,
            marker,
          );
          const uploads = page?.Uploads ?? [];
          for (const some of chunks(uploads, PARALLEL_ABORTS)) {
            await Promise.all(some.map(({ Key, UploadId }) => abort(clientOf(Bucket), { Bucket, Key, UploadId })));
          }
          count += uploads.length;
          marker = page?.IsTruncated
            ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
            : undefined;
        }
        return count;
      }),
  };
}

/** Where a page of uploads begins. */
interface UploadsMarker {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

/** @returns undefined if there is no such bucket */
async function listUploads(
  s3: S3Client,
  Bucket: string,
  marker: UploadsMarker,
): Promise<ListMultipartUploadsCommandOutput | undefined> {
  try {
    return await s3.send(new ListMultipartUploadsCommand({ Bucket, ...marker }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function abort(s3: S3Client, upload: { Bucket: string; Key?: string; UploadId?: string }): Promise<void> {
  try {
    const { Bucket, Key = '', UploadId = '' } = upload;
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  } catch (error) {
    // Somebody has completed or aborted it meanwhile.
    if (!(error instanceof NoSuchUpload)) throw error;
  }
}

/** S3 has a class for this error, but not every command answers with it. */
const isMissing = (error: unknown): boolean => error instanceof S3ServiceException && error.name === 'NoSuchBucket';

const isBusy = (bucket: string, why: string, cause?: unknown): ReleaseError =>
  new ReleaseError('Throttled', `S3 is busy with bucket "${bucket}": ${why}`, { cause });

/** If S3 is still busy after the SDK's retries, throws the error that the state machine tries again. */
async function unlessBusy<T>(bucket: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof S3ServiceException && BUSY.has(error.name)) throw isBusy(bucket, error.message, error);
    throw error;
  }
}
