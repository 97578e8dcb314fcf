/**
 * What emptying asks of a bucket, and of the objects in it: the removal role and its sessions may do this and nothing
 * else.
 */
export const BUCKET_ACTIONS: string[] = ['s3:ListBucketMultipartUploads', 's3:ListBucketVersions'];
export const OBJECT_ACTIONS: string[] = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:DeleteObjectVersion'];
