import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { AwsError, errorAnswer } from '../calls/aws-error';
import { type AwsCall, queryAction } from '../calls/aws-request';

/** Headers that speak of one connection and not of the request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'expect', 'upgrade']);

/** Hands requests to the emulator, unchanged and streaming, over connections that stay open. */
export class Forwarder {
  // The emulator closes idle connections after 75 s; ours must go first.
  readonly #agent = new Agent({ keepAlive: true, timeout: 50_000, maxFreeSockets: 64 });

  /**
   * @param port where the emulator listens on loopback
   * @param note told of every call that was answered
   */
  constructor(
    private readonly port: number,
    private readonly note: (call: AwsCall, status: number) => void,
  ) {}

  /** Forwards one request; its answer goes to `response`. */
  forward(call: AwsCall, request: IncomingMessage, response: ServerResponse): void {
    let attributed = call;
    if (call.operation === '') {
      request.once('data', (first: Buffer) => {
        attributed = { ...call, operation: queryAction(first) ?? 'Unknown' };
      });
    }
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port: this.port,
      agent: this.#agent,
      method: request.method,
      path: request.url,
      headers: requestHeaders(request),
    });
    outgoing.on('response', (incoming) => {
      this.note(attributed, incoming.statusCode ?? 502);
      if (incoming.statusCode === 400 && Number(incoming.headers['content-length']) < 200) {
        void sendReadable(attributed, incoming, { request, response });
        return;
      }
      response.writeHead(incoming.statusCode ?? 502, answerHeaders(incoming, request));
      incoming.pipe(response);
      incoming.on('error', () => response.destroy());
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (response.headersSent) return void response.destroy();
      const reason = new AwsError(
        'ServiceUnavailable',
        `the local cloud's emulator does not answer (${error.code})`,
        503,
      );
      const answer = errorAnswer(reason, call.protocol, randomUUID());
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy(); // the client has gone
    });
    request.pipe(outgoing);
  }

  /** Forwards a request that becomes a WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const upstream = connect(this.port, '127.0.0.1', () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
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

/** @returns the headers of the emulator's answer for the client: HTTP/2 has no chunks, and takes headers by name only. */
function answerHeaders(incoming: IncomingMessage, { httpVersionMajor }: IncomingMessage) {
  if (httpVersionMajor < 2) return endToEnd(incoming.rawHeaders);
  const byName = Object.entries(incoming.headersDistinct);
  return Object.fromEntries(byName.filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'transfer-encoding'));
}

/** The emulator answers a service it does not know with a JSON that no SDK understands: say it as AWS would. */
async function sendReadable(
  call: AwsCall,
  incoming: IncomingMessage,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  if (!body.toString('utf8').startsWith('{"error": "Unsupported service:')) {
    response.writeHead(400, answerHeaders(incoming, request)).end(body);
    return;
  }
  const what = `${call.service === 'unsigned' ? (call.target ?? 'service') : call.service} ${call.operation}`;
  const error = new AwsError('NotImplementedException', `the local cloud does not implement ${what}`, 501);
  const answer = errorAnswer(error, call.protocol, randomUUID());
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
