import type { IncomingMessage } from 'node:http';
import type { Protocol } from './aws-error';
import { decodePart, requestUrl } from './request-url';
import { restOperation } from './rest-operations';

/** What the head of a request says about an AWS call. */
export interface AwsCall {
  /** Signing name of the service (`lambda`, `s3`, `states`…), or `unsigned`. */
  readonly service: string;
  /** The operation's name. In the query protocol only the body has it: see {@link queryAction}. */
  readonly operation: string;
  /** Name of the Lambda function that the call is about, if any. */
  readonly functionName: string | undefined;
  /** Prefix of X-Amz-Target (`CodeBuild_20161006`), if the protocol has one. */
  readonly target: string | undefined;
  readonly protocol: Protocol;
  readonly region: string | undefined;
  readonly accessKey: string | undefined;
  readonly userAgent: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** @returns what the head of a request says: who calls which operation of which service. */
export function readCall(request: IncomingMessage): AwsCall {
  const url = requestUrl(request);
  const signed =
    CREDENTIAL.exec(request.headers.authorization ?? '') ??
    CREDENTIAL.exec(`Credential=${url.searchParams.get('X-Amz-Credential') ?? ''}`);
  const [, accessKey, region, service = 'unsigned'] = signed ?? [];
  const [target, operation] = String(request.headers['x-amz-target'] ?? '').split('.');
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const action = url.searchParams.get('Action');
  const protocol: Protocol = target ? 'json' : isForm || action ? 'query' : service === 's3' ? 'rest-xml' : 'rest-json';
  return {
    service,
    operation: operation ?? action ?? (isForm ? '' : restOperation(service, request.method ?? 'GET', url)),
    functionName: service === 'lambda' ? functionIn(url.pathname) : undefined,
    target: target || undefined,
    protocol,
    region,
    accessKey,
    userAgent: request.headers['user-agent'] ?? '',
  };
}

/** @returns the function's name in a path such as `/2015-03-31/functions/<name, or its ARN>/code`. */
function functionIn(path: string): string | undefined {
  const identifier = /^\/[0-9-]+\/functions\/([^/]+)/.exec(path)?.[1];
  return identifier && decodePart(identifier).replace(/^arn:[^:]*:lambda:[^:]*:[^:]*:function:/, '');
}

/** @returns the operation named in a query protocol's body, from its first bytes. */
export const queryAction = (body: Buffer): string | undefined =>
  /(?:^|&)Action=([A-Za-z0-9]+)/.exec(body.subarray(0, 4096).toString('latin1'))?.[1];
