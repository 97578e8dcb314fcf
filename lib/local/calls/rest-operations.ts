/**
 * One operation of a REST service: method, path and, where these do not suffice, a query parameter that it must have.
 */
type Operation = readonly [method: string, path: RegExp, name: string, parameter?: string];

const FUNCTION = '^/[0-9-]+/functions/[^/]+';
const LAMBDA: readonly Operation[] = [
  ['POST', /^\/[0-9-]+\/functions\/?$/, 'CreateFunction'],
  ['GET', /^\/[0-9-]+\/functions\/?$/, 'ListFunctions'],
  ['GET', new RegExp(`${FUNCTION}$`), 'GetFunction'],
  ['DELETE', new RegExp(`${FUNCTION}$`), 'DeleteFunction'],
  ['GET', new RegExp(`${FUNCTION}/configuration$`), 'GetFunctionConfiguration'],
  ['PUT', new RegExp(`${FUNCTION}/configuration$`), 'UpdateFunctionConfiguration'],
  ['PUT', new RegExp(`${FUNCTION}/code$`), 'UpdateFunctionCode'],
  ['POST', new RegExp(`${FUNCTION}/invocations$`), 'Invoke'],
  ['POST', new RegExp(`${FUNCTION}/versions$`), 'PublishVersion'],
  ['GET', new RegExp(`${FUNCTION}/versions$`), 'ListVersionsByFunction'],
  ['POST', new RegExp(`${FUNCTION}/aliases$`), 'CreateAlias'],
  ['GET', new RegExp(`${FUNCTION}/aliases$`), 'ListAliases'],
  ['GET', new RegExp(`${FUNCTION}/aliases/[^/]+$`), 'GetAlias'],
  ['PUT', new RegExp(`${FUNCTION}/aliases/[^/]+$`), 'UpdateAlias'],
  ['DELETE', new RegExp(`${FUNCTION}/aliases/[^/]+$`), 'DeleteAlias'],
  ['GET', new RegExp(`${FUNCTION}/policy$`), 'GetPolicy'],
  ['POST', new RegExp(`${FUNCTION}/policy$`), 'AddPermission'],
  ['DELETE', new RegExp(`${FUNCTION}/policy/[^/]+$`), 'RemovePermission'],
  ['GET', /^\/[0-9-]+\/account-settings\/?$/, 'GetAccountSettings'],
  ['POST', /^\/[0-9-]+\/event-source-mappings\/?$/, 'CreateEventSourceMapping'],
  ['GET', /^\/[0-9-]+\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  ['POST', /^\/[0-9-]+\/layers\/[^/]+\/versions$/, 'PublishLayerVersion'],
  ['GET', /^\/[0-9-]+\/layers\/[^/]+\/versions\/[^/]+$/, 'GetLayerVersion'],
];

const BUCKET = /^\/[^/]+\/?$/;
const OBJECT = /^\/[^/]+\/.+$/;
const S3: readonly Operation[] = [
  ['GET', /^\/$/, 'ListBuckets'],
  ['GET', BUCKET, 'GetBucketLocation', 'location'],
  ['GET', BUCKET, 'GetBucketVersioning', 'versioning'],
  ['GET', BUCKET, 'GetBucketEncryption', 'encryption'],
  ['GET', BUCKET, 'GetBucketPolicy', 'policy'],
  ['GET', BUCKET, 'ListObjectVersions', 'versions'],
  ['GET', BUCKET, 'ListMultipartUploads', 'uploads'],
  ['GET', BUCKET, 'ListObjectsV2'],
  ['HEAD', BUCKET, 'HeadBucket'],
  ['PUT', BUCKET, 'PutBucketVersioning', 'versioning'],
  ['PUT', BUCKET, 'PutBucketEncryption', 'encryption'],
  ['PUT', BUCKET, 'PutBucketPolicy', 'policy'],
  ['PUT', BUCKET, 'CreateBucket'],
  ['DELETE', BUCKET, 'DeleteBucket'],
  ['POST', BUCKET, 'DeleteObjects', 'delete'],
  ['PUT', OBJECT, 'UploadPart', 'partNumber'],
  ['POST', OBJECT, 'CreateMultipartUpload', 'uploads'],
  ['POST', OBJECT, 'CompleteMultipartUpload', 'uploadId'],
  ['PUT', OBJECT, 'PutObject'],
  ['GET', OBJECT, 'ListParts', 'uploadId'],
  ['GET', OBJECT, 'GetObject'],
  ['HEAD', OBJECT, 'HeadObject'],
  ['DELETE', OBJECT, 'AbortMultipartUpload', 'uploadId'],
  ['DELETE', OBJECT, 'DeleteObject'],
];

const OPERATIONS: ReadonlyMap<string, readonly Operation[]> = new Map([
  ['lambda', LAMBDA],
  ['s3', S3],
]);

/**
 * Names the operation of a REST call, for counting. Lambda's and S3's have the names of their API references; for other
 * services (API Gateway, Scheduler…) it is method and path.
 * @param service signing name
 */
export function restOperation(service: string, method: string, url: URL): string {
  const fits = ([verb, path, , parameter]: Operation) =>
    verb === method && path.test(url.pathname) && (parameter === undefined || url.searchParams.has(parameter));
  return OPERATIONS.get(service)?.find(fits)?.[2] ?? `${method} ${url.pathname}`;
}
