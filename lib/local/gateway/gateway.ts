import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { ReleaseError } from '../../core/contracts/errors';
import { type Answer, AwsError, errorAnswer } from '../calls/aws-error';
import { type AwsCall, readCall } from '../calls/aws-request';
import { type Caller, identifyCaller } from '../calls/caller';
import type { EmulatorClient } from '../calls/emulator-client';
import { readBody } from '../calls/read-body';
import { CallLog } from './call-log';
import { createEitherHttp } from './either-http';
import { FaultInjection, type Route } from './fault-injection';
import { Forwarder } from './forward';

/** One operation of a service that the gateway answers itself: input and output as in the service's API reference. */
// biome-ignore lint/suspicious/noExplicitAny: the input is whatever the client sent; each operation states its own type
export type Operation = (input: any, caller: Caller) => Promise<unknown>;

/** A service that speaks JSON with X-Amz-Target and is answered by the gateway. */
export interface GatewayService {
  /** Prefix of X-Amz-Target, such as `CodeBuild_20161006`. */
  readonly target: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** What happens to the service's other operations: the emulator has them, or nobody has. */
  readonly others: 'forward' | 'refuse';
}

/** Answers requests below a path of its own; resolves when the answer has been sent. */
export type PathHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The AWS endpoint of the local cloud: one server of HTTP/1.1 and HTTP/2 before the emulator. */
export class Gateway {
  /** What was called, how often and by whom. */
  readonly calls = new CallLog(async (call) => (await this.#callerOf(call)).arn);
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #services = new Map<string, GatewayService>();
  readonly #paths: (readonly [prefix: string, handler: PathHandler])[] = [];
  readonly #callers = new Map<string, Promise<Caller>>();
  readonly #faults = new FaultInjection({
    callerOf: async (call) => (await this.#callerOf(call)).arn,
    note: (call, status) => this.calls.note(call, status),
    guard: () => this.#guard,
  });
  #guard: number | undefined;
  #forwarder: Forwarder | undefined;
  #emulator: EmulatorClient | undefined;

  /** @param account account of requests that are not signed */
  constructor(
    private readonly account: string,
    private readonly region: string,
  ) {
    this.#server = createEitherHttp({
      onRequest: (request, response) => this.#serve(request, response),
      onUpgrade: (request, socket, head) => {
        if (this.#forwarder) this.#forwarder.upgrade(request, socket, head);
        else socket.destroy();
      },
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.handle('/_seedbed/calls', (request, response) => this.#answerCalls(request, response));
    this.handle('/_seedbed/faults', (request, response) => this.#faults.answer(request, response));
  }

  /**
   * Listens on loopback.
   * @param port 0 for any free one
   * @returns the port
   * @throws ReleaseError `LocalCloudFailed` if the port is taken
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Names the emulator to which everything goes that the gateway does not answer itself.
   * @param guard process id of its guard
   */
  connect(emulator: EmulatorClient, port: number, guard: number): void {
    this.#emulator = emulator;
    this.#guard = guard;
    this.#forwarder = new Forwarder(port, (call, status) => this.calls.note(call, status));
  }

  /** Adds a service that the gateway answers itself. */
  add(service: GatewayService): void {
    this.#services.set(service.target, service);
  }

  /** Adds a handler for all paths that begin with `prefix`. */
  handle(prefix: string, handler: PathHandler): void {
    this.#paths.push([prefix, handler]);
  }

  /** Stops listening and ends all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    this.#forwarder?.close();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const handler = this.#paths.find(([prefix]) => request.url?.startsWith(prefix))?.[1];
    if (handler) {
      handler(request, response).catch((error) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(`${error instanceof Error ? error.message : error}\n`);
      });
      return;
    }
    const call = readCall(request);
    const route: Route = (...exchange) => this.#route(...exchange);
    // If serving fails, the client has gone in the middle of its request.
    if (this.#faults.mayConcern(call))
      this.#faults.serve(call, request, response, route).catch(() => response.destroy());
    else route(call, request, response);
  }

  #route(call: AwsCall, request: IncomingMessage, response: ServerResponse): void {
    const service = call.target ? this.#services.get(call.target) : undefined;
    const operation = service?.operations[call.operation];
    if (operation) void this.#answer(call, operation, request, response);
    else if (service?.others === 'refuse') {
      this.#send(call, response, errorAnswer(notImplemented(call), call.protocol, randomUUID()));
      request.resume();
    } else if (this.#forwarder) this.#forwarder.forward(call, request, response);
    else
      this.#send(
        call,
        response,
        errorAnswer(
          new AwsError('ServiceUnavailable', 'the local cloud is still starting', 503),
          call.protocol,
          randomUUID(),
        ),
      );
  }

  async #answer(call: AwsCall, operation: Operation, request: IncomingMessage, response: ServerResponse) {
    try {
      const body = await readBody(request);
      const input = body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
      const output = await operation(input, await this.#callerOf(call));
      this.#send(call, response, {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
        body: JSON.stringify(output ?? {}),
      });
    } catch (error) {
      const known =
        error instanceof AwsError
          ? error
          : new AwsError('InternalFailure', `${call.operation}: ${(error as Error).message}`, 500);
      this.#send(call, response, errorAnswer(known, call.protocol, randomUUID()));
    }
  }

  #send(call: AwsCall, response: ServerResponse, answer: Answer): void {
    this.calls.note(call, answer.status);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  }

  #callerOf(call: AwsCall): Promise<Caller> {
    const key = `${call.accessKey} ${call.region}`;
    const known =
      this.#callers.get(key) ??
      identifyCaller(call, { emulator: this.#emulator, account: this.account, region: this.region });
    this.#callers.set(key, known);
    known.catch(() => this.#callers.delete(key));
    return known;
  }

  async #answerCalls(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') this.calls.reset();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(await this.calls.read()));
  }
}

const notImplemented = (call: AwsCall) =>
  new AwsError('NotImplementedException', `the local cloud does not implement ${call.target}.${call.operation}`, 501);

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new ReleaseError(
      'LocalCloudFailed',
      `port ${port} is taken by another program: choose another one with --port, or leave it out for any free one`,
    );
  if (error.code === 'EACCES')
    return new ReleaseError(
      'LocalCloudFailed',
      `port ${port} may not be opened by this user: choose one above 1023 with --port`,
    );
  return error;
}
