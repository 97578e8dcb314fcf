import { randomUUID } from 'node:crypto';
import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { DOOR } from '../calls/authorize';
import { AwsError, errorAnswer } from '../calls/aws-error';
import { type AwsCall, queryAction } from '../calls/aws-request';
import { readBody } from '../calls/read-body';
import { sharedWith } from './foreign-pages';

/** Headers that speak of one connection and not of the request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'expect', 'upgrade', 'http2-settings']);

/** Hands requests to the emulator, unchanged and streaming, over connections that stay open. */
export class Forwarder {
  // The emulator closes idle connections after 75 s; ours must go first.
  readonly #agent = new Agent({ keepAlive: true, timeout: 50_000, maxFreeSockets: 64 });

  /**
   * @param emulator where it listens on loopback, and what it wants to be shown
   * @param note told of every call that was answered
   */
  constructor(
    private readonly emulator: { readonly port: number; readonly doorKey: string },
    private readonly note: (call: AwsCall, status: number) => void,
  ) {}

  /** Forwards one request; its answer goes to `response`. Resolves when that has begun. */
  async forward(call: AwsCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let attributed = call;
    if (call.operation === '') {
      request.once('data', (first: Buffer) => {
        attributed = { ...call, operation: queryAction(first) ?? 'Unknown' };
      });
    }
    const outgoing = this.#begin(request);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', reject); // also later, when the answer itself tells of it
    });
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy(); // the client has gone
    });
    request.pipe(outgoing);
    let incoming: IncomingMessage;
    let short: Buffer | undefined;
    try {
      incoming = await answered;
      const isShort = incoming.statusCode === 400 && Number(incoming.headers['content-length']) < 200;
      if (isShort) short = await readBody(incoming);
    } catch (error) {
      return sendError(response, call, unavailable(error));
    }
    this.note(attributed, incoming.statusCode ?? 502);
    if (short && isUnsupported(short)) return sendError(response, call, notImplemented(attributed));
    response.writeHead(incoming.statusCode ?? 502, answerHeaders(incoming, request));
    if (short) return void response.end(short);
    incoming.on('error', () => response.destroy());
    incoming.pipe(response);
  }

  /** @throws AwsError if a client of HTTP/1.1 could not say this to the emulator */
  #begin(request: IncomingMessage): ClientRequest {
    try {
      return httpRequest({
        host: '127.0.0.1',
        port: this.emulator.port,
        agent: this.#agent,
        method: request.method,
        path: request.url,
        headers: [...requestHeaders(request), DOOR, this.emulator.doorKey],
      });
    } catch (error) {
      throw new AwsError('InvalidRequest', (error as Error).message);
    }
  }

  /** Forwards a request that becomes a WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { port, doorKey } = this.emulator;
    const upstream = connect(port, '127.0.0.1', () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`, `${DOOR}: ${doorKey}`];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  }

  /** Closes all connections to the emulator. */
  close(): void {
    this.#agent.destroy();
  }
}

const endToEnd = (raw: readonly string[]): string[] =>
  raw.filter((_, i) => !HOP_BY_HOP.has((raw[i - (i % 2)] ?? '').toLowerCase()));

/** @returns the headers of a request as HTTP/1.1 has them: HTTP/2 names method, path and host by `:` headers. */
function requestHeaders({ httpVersionMajor, rawHeaders, headers }: IncomingMessage): string[] {
  const kept = endToEnd(rawHeaders);
  if (httpVersionMajor < 2) return kept;
  const authority = headers[':authority'];
  const named = kept.filter((_, i) => !kept[i - (i % 2)]?.startsWith(':'));
  return typeof authority === 'string' && headers.host === undefined ? ['host', authority, ...named] : named;
}

/**
 * @returns the headers of the emulator's answer for the client: HTTP/2 has no chunks, and takes headers by name only.
 */
function answerHeaders(incoming: IncomingMessage, request: IncomingMessage) {
  const share = (name: string, value: string) => sharedWith(request, name.toLowerCase(), value);
  if (request.httpVersionMajor < 2) {
    const kept = endToEnd(incoming.rawHeaders);
    return kept.flatMap((name, i) => {
      const value = i % 2 === 0 ? share(name, kept[i + 1]!) : undefined;
      return value === undefined ? [] : [name, value];
    });
  }
  const byName = Object.entries(incoming.headersDistinct).filter(
    ([name]) => !HOP_BY_HOP.has(name) && name !== 'transfer-encoding',
  );
  const shared = byName.map(
    ([name, values = []]) => [name, values.flatMap((value) => share(name, value) ?? [])] as const,
  );
  return Object.fromEntries(shared.filter(([, values]) => values.length > 0));
}

/** The emulator answers a service it does not know with a JSON that no SDK understands: say it as AWS would. */
const isUnsupported = (body: Buffer): boolean => body.toString('utf8').startsWith('{"error": "Unsupported service:');

function notImplemented(call: AwsCall): AwsError {
  const what = `${call.service === 'unsigned' ? (call.target ?? 'service') : call.service} ${call.operation}`;
  return new AwsError('NotImplementedException', `the local cloud does not implement ${what}`, 501);
}

function unavailable(error: unknown): AwsError {
  const { code, cause = {} } = error as NodeJS.ErrnoException;
  const why = code ?? (cause as NodeJS.ErrnoException).code;
  return new AwsError('ServiceUnavailable', `the local cloud's emulator does not answer (${why})`, 503);
}

function sendError(response: ServerResponse, call: AwsCall, error: AwsError): void {
  const answer = errorAnswer(error, call.protocol, randomUUID());
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
