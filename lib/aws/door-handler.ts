import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { DOOR_CALLS, type DoorCall } from '../core/contracts/door';
import { readCall } from '../core/door/read-call';
import { refusalOf } from '../core/door/refusal';
import type { Log } from '../ports/log';
import { workerHandler } from './worker-handler';

/**
 * A request as an HTTP API passes it on, whose route asks for IAM:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
 * `userArn` is whom AWS has authenticated: of a session, its role is proven and its name is what the caller has chosen.
 */
const HttpRequest = z.object({
  routeKey: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z.object({ iam: z.object({ userArn: z.string().min(1) }) }),
  }),
});

/** What the API sends to the caller. */
interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: true;
}

/** What a call does with its input, which it parses. */
export type DoorStep = (input: unknown) => Promise<unknown>;

/**
 * Makes steps the handler of a worker that answers calls of the door. Only the door may invoke it: what it is told of
 * the caller is true only there.
 * @param steps by the calls that they answer
 */
export const doorHandler =
  (steps: Partial<Readonly<Record<DoorCall, DoorStep>>>, log: Log) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const { routeKey, rawQueryString, headers, pathParameters, body, isBase64Encoded, requestContext } =
      HttpRequest.parse(event);
    const { requestId, authorizer } = requestContext;
    const by = authorizer.iam.userArn;
    const answered = Object.entries(steps).find(([name]) => DOOR_CALLS[name as DoorCall].route === routeKey);
    if (!answered) throw new Error(`this worker does not answer "${routeKey}"`);
    const [name, step] = answered as [DoorCall, DoorStep];
    const about = { call: name, by, requestId, ...pathParameters };
    try {
      const input = readCall(name, {
        path: pathParameters ?? {},
        query: rawQueryString,
        body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
        by,
      });
      const output = await workerHandler(step)(input);
      log.info('a call was answered', about);
      return answer(200, output, headers);
    } catch (error) {
      const { status, body: refusal } = refusalOf(error, requestId);
      log.warn('a call was refused', { ...about, status, error });
      return answer(status, refusal, headers);
    }
  };

/**
 * Lambda answers with up to 6 MB (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), so long answers are
 * packed.
 */
const LONG = 1024 * 1024;

function answer(statusCode: number, value: unknown, asked: Readonly<Record<string, string>>): HttpAnswer {
  const text = JSON.stringify(value);
  const headers = { 'content-type': 'application/json' };
  const takesGzip = /\bgzip\b/.test(asked['accept-encoding'] ?? '');
  if (text.length < LONG || !takesGzip) return { statusCode, headers, body: text };
  return {
    statusCode,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: gzipSync(text).toString('base64'),
    isBase64Encoded: true,
  };
}
