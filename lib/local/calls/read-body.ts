import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError } from './aws-error';

/** The client has gone in the middle of its request: nobody waits for an answer. */
export class ClientGone extends Error {
  constructor(options?: ErrorOptions) {
    super('the client has gone in the middle of its request', options);
  }
}

/** @returns the whole body of a request. @throws ClientGone */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part as Buffer);
  } catch (error) {
    throw new ClientGone({ cause: error });
  }
  // With HTTP/2 a body that breaks off just ends.
  if (request.aborted) throw new ClientGone();
  return Buffer.concat(parts);
}

/**
 * @returns the JSON object in the body of a request; an empty one if there is no body
 * @throws ClientGone
 * @throws AwsError `SerializationException` if it is anything else
 */
export const readJson = async (request: IncomingMessage): Promise<object> => parseJson(await readBody(request));

/**
 * @returns the JSON object in a body; an empty one of none
 * @throws AwsError `SerializationException` if it is anything else
 */
export function parseJson(body: Buffer): object {
  const text = body.toString('utf8');
  if (text === '') return {};
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    // told below
  }
  if (typeof input === 'object' && input !== null) return input;
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

/** @returns a request that has been read, in a form that can be read again. */
export const withBody = (request: IncomingMessage, body: Buffer): IncomingMessage => {
  const { method, url, headers, rawHeaders, httpVersionMajor, socket } = request;
  const again = Readable.from(body.length > 0 ? [body] : []);
  return Object.assign(again, { method, url, headers, rawHeaders, httpVersionMajor, socket }) as IncomingMessage;
};
