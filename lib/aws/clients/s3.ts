import { S3Client } from '@aws-sdk/client-s3';
import { type ClientOptions, settings } from './settings';

/** @returns an S3 client. */
export const s3Client = (options: ClientOptions = {}) =>
  // A bucket's name cannot be made a host name under a loopback address.
  new S3Client({ ...settings(options), forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
