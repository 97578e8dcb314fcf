import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

/** Answers one request, whichever version of HTTP it came by. */
type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** What to do with what arrives. */
export interface HttpHandlers {
  readonly onRequest: OnRequest;
  /** A request of HTTP/1.1 that becomes a WebSocket. */
  readonly onUpgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

/** No method of HTTP/1.1 begins so, and every HTTP/2 connection does (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI');
/** A client keeps idle connections for a while: closing first would break its next call. */
const KEEP_ALIVE_MS = 120_000;

/**
 * A server without TLS for HTTP/1.1 and for HTTP/2 that its client begins without asking: so do the AWS SDK's clients
 * of services that stream, such as Kinesis. What is no request at all node refuses by itself, such as with 400 or 431.
 */
export function createEitherHttp({ onRequest, onUpgrade }: HttpHandlers): Server {
  const http1 = createHttp1({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, onRequest);
  http1.on('upgrade', (request, socket, head) => onUpgrade(request, socket as Socket, head));
  // Node's compatibility API: requests and responses of HTTP/2 have all that is used here of those of HTTP/1.1.
  const http2 = createHttp2((request, response) =>
    onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  // A client that goes in the middle is no error of the server's.
  http2.on('sessionError', () => undefined);
  // As node:http listens by itself.
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // A client may go at any time, also while nobody else listens. The socket closes by itself.
    socket.on('error', () => undefined);
    onFirstBytes(socket, (first) => {
      const isHttp2 = first.equals(PREFACE);
      if (isHttp2) socket.allowHalfOpen = false; // as node:http2 listens by itself
      (isHttp2 ? http2 : http1).emit('connection', socket);
    });
  });
}

/** Hands on a connection with nothing taken from it, once its first bytes are there; closes it if they never come. */
function onFirstBytes(socket: Socket, handOn: (first: Buffer) => void): void {
  const read: Buffer[] = [];
  const gone = () => socket.destroy();
  const look = () => {
    const part: Buffer | null = socket.read(); // null at the end of what the client sends
    if (part) read.push(part);
    const first = Buffer.concat(read);
    if (first.length < PREFACE.length) return;
    socket.off('readable', look).off('end', gone);
    socket.unshift(first);
    handOn(first.subarray(0, PREFACE.length));
  };
  socket.on('readable', look).on('end', gone);
}
