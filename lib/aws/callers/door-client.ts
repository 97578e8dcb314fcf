import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { DOOR_CALLS, type DoorCall, type DoorInput, type DoorOutput, DoorRefusal } from '../../core/contracts/door';
import { isErrorCode, ReleaseError } from '../../core/contracts/errors';
import { OPERATIONS } from '../../core/contracts/operations';
import { type WrittenCall, writeCall } from '../../core/door/write-call';
import { classifyError } from '../clients/classify-error';

/** Where the door is, and who calls. */
export interface DoorAccess {
  /** Address of the API, its stage included. */
  readonly url: string;
  /** ARN of all its calls, as policies name them. */
  readonly arn: string;
  /** Any client of the SDK: its credentials, its region and its connections are used. */
  readonly client: Pick<CloudFormationClient, 'config'>;
  /** @returns the ARN of who calls, for the message that IAM refuses them. */
  readonly whoAmI: () => Promise<string>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Calls the door. */
export type DoorClient = <Call extends DoorCall>(name: Call, input: DoorInput<Call>) => Promise<DoorOutput<Call>>;

/** Seconds before each further attempt. An answer may be lost after 30 s, which is what an HTTP API waits. */
const PAUSES = [0.5, 1, 2, 4, 8];

/**
 * Signs calls of the door as AWS asks for it (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html) and makes
 * them again where that can help: a call with a request id is the same one however often it is made.
 */
export function doorClient({ url, arn, client, whoAmI, sleep }: DoorAccess): DoorClient {
  const { credentials, region, sha256, requestHandler } = client.config;
  const base = new URL(url);
  const signer = new SignatureV4({ service: 'execute-api', credentials, region, sha256 });

  async function send({ method, path, query, body }: WrittenCall): Promise<Answer> {
    const request = new HttpRequest({
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      ...(base.port !== '' && { port: Number(base.port) }),
      path: `${base.pathname.replace(/\/$/, '')}${path}`,
      query: { ...query },
      headers: {
        host: base.host,
        'accept-encoding': 'gzip',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        }),
      },
      body,
    });
    const signed = (await signer.sign(request)) as HttpRequest;
    const { response } = await requestHandler.handle(signed);
    return { status: response.statusCode, value: parsed(await bodyOf(response)) };
  }

  return async (name, input) => {
    const written = writeCall(name, input);
    for (let attempt = 0; ; attempt += 1) {
      const pause = mayRepeat(name, input) ? PAUSES[attempt] : undefined;
      try {
        const { status, value } = await send(written);
        if (status < 300) return DOOR_CALLS[name].output.parse(value) as DoorOutput<typeof name>;
        if (status === 403) throw await refused(written, arn, await whoAmI());
        throw errorOf(status, value, written);
      } catch (error) {
        if (pause === undefined || classifyError(error) === 'refused') throw asTold(error);
        await sleep(pause * 1000);
      }
    }
  };
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

/**
 * A cancelled release is named, or the next one might be cancelled instead of the one that the first attempt has
 * cancelled.
 */
const mayRepeat = (name: DoorCall, input: object): boolean =>
  name !== 'cancelRelease' || (input as DoorInput<'cancelRelease'>).releaseId !== undefined;

async function bodyOf({ headers, body }: HttpResponse): Promise<string> {
  const stream = body as Readable;
  return text(headers['content-encoding'] === 'gzip' ? stream.pipe(createGunzip()) : stream);
}

/** What is no JSON is an error of something between us and the door. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** An error of the door, with what tells `classifyError` and people of which kind it is. */
class DoorError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(
    status: number,
    message: string,
    readonly told?: ReleaseError,
  ) {
    super(message);
    this.name = status === 429 ? 'TooManyRequestsException' : 'DoorError';
    this.$metadata = { httpStatusCode: status };
  }
}

function errorOf(status: number, value: unknown, { method, path }: WrittenCall): Error {
  const { data } = DoorRefusal.safeParse(value);
  const code = data?.error.code;
  const told = code !== undefined && isErrorCode(code) ? new ReleaseError(code, data!.error.message) : undefined;
  if (told && status !== 429 && status < 500) return told;
  const why = data?.error.message ?? `${method} ${path} was answered with ${status}`;
  return new DoorError(status, why, told);
}

/** What is thrown when no further attempt is made. */
function asTold(error: unknown): unknown {
  if (!(error instanceof DoorError)) return error;
  if (error.told) return error.told;
  const status = error.$metadata.httpStatusCode;
  if (status === 404)
    return new ReleaseError(
      'CallInvalid',
      `${error.message}: the door has no such path; is the platform older than you?`,
    );
  if (status < 502) return error;
  const message = `${error.message}; the platform may still be at it: look with "seedbed status", or call again`;
  return new ReleaseError('ServiceUnavailable', message, { cause: error });
}

/** The door tells nobody why it refuses: the caller's own account can find out by the ARN. */
function refused({ method, path }: WrittenCall, arn: string, who: string): ReleaseError {
  const [account, caller] = [arn.split(':')[4], who.split(':')[4]];
  const foreign =
    account === caller
      ? ''
      : `; callers are of account ${account}: assume a role there, since no policy of another account counts`;
  return new ReleaseError(
    'CallRefused',
    `your IAM identity ${who} may not ${method} ${path}: ask for execute-api:Invoke on ${arn}/${method}${path}${foreign}; ` +
      `see ${OPERATIONS.refused}`,
  );
}
