import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { ReleaseError } from '../../core/contracts/errors';
import { type Answer, AwsError, errorAnswer } from '../calls/aws-error';
import { type AwsCall, queryAction, readCall } from '../calls/aws-request';
import { type Caller, identifyCaller } from '../calls/caller';
import type { EmulatorClient } from '../calls/emulator-client';
import { ClientGone, parseJson, readBody, withBody } from '../calls/read-body';
import { requestUrl } from '../calls/request-url';
import { logUnforeseen, type ReportUnforeseen } from '../calls/unforeseen';
import { hasRates } from '../quotas/rates';
import { CallLog } from './call-log';
import { createEitherHttp } from './either-http';
import { FaultInjection, type Route } from './fault-injection';
import { refuseForeignPage } from './foreign-pages';
import { Forwarder } from './forward';
import { requireModel } from './models';
import { PacedCalls } from './paced-calls';
import type { RateLimits } from './rate-limits';
import { type Right, requireRights } from './rights';
import { requireSignature } from './signature';

/** One operation of a service that the gateway answers itself: input and output as in the service's API reference. */
// biome-ignore lint/suspicious/noExplicitAny: the input is whatever the client sent; each operation states its own type
export type Operation = (input: any, caller: Caller) => Promise<unknown>;

/** A service that speaks JSON with X-Amz-Target and is answered by the gateway. */
export interface GatewayService {
  /** Prefix of X-Amz-Target, such as `CodeBuild_20161006`. */
  readonly target: string;
  /** What AWS's SDKs call the service, such as `codebuild`; undefined if AWS has no such service. */
  readonly model?: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** What a caller needs for one of the operations. */
  readonly rights: (operation: string, input: Parameters<Operation>[0], caller: Caller) => readonly Right[];
  /** What happens to the service's other operations: the emulator has them, or nobody has. */
  readonly others: 'forward' | 'refuse';
}

/** Answers requests below a path of its own; resolves when the answer has been sent. */
export type PathHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A request and where its answer goes. */
interface Exchange {
  /** Undefined if it is no AWS call. */
  readonly call?: AwsCall;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The AWS endpoint of the local cloud: one server of HTTP/1.1 and HTTP/2 before the emulator. */
export class Gateway {
  /** What was called, how often and by whom. */
  readonly calls = new CallLog(async (call) => (await this.#callerOf(call)).arn);
  /** How long calls take. */
  readonly paced = new PacedCalls();
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

  /**
   * @param account account of requests that are not signed
   * @param report told of errors that nobody foresaw; they are answered with a 500
   * @param rates what refuses calls that come too fast; nothing does if it is not given
   */
  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly report: ReportUnforeseen = logUnforeseen,
    private readonly rates?: RateLimits,
  ) {
    this.#server = createEitherHttp({
      onRequest: (request, response) => {
        this.#serve(request, response).catch((error) => {
          this.report(`the answer to ${nameOf({ request })}`, error);
          response.destroy();
        });
      },
      onUpgrade: (request, socket, head) => {
        try {
          refuseForeignPage(request);
        } catch {
          return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
        }
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
    this.handle('/_seedbed/pace', (request, response) => this.paced.answer(request, response));
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
    // Such as a connection that could not be taken because too many are open.
    this.#server.on('error', (error) => this.report('listening', error));
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Names the emulator to which everything goes that the gateway does not answer itself.
   * @param where its port on loopback, what it wants to be shown of whatever comes through the gateway, and the process
   *   id of its guard
   */
  connect(
    emulator: EmulatorClient,
    { port, doorKey, guard }: { readonly port: number; readonly doorKey: string; readonly guard: number },
  ): void {
    this.#emulator = emulator;
    this.paced.connect(emulator);
    this.#guard = guard;
    this.#forwarder = new Forwarder({ port, doorKey }, (call, status) => this.calls.note(call, status));
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

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', (error) => this.report(nameOf({ request }), error)); // such as a second end
    const handler = this.#paths.find(([prefix]) => request.url?.startsWith(prefix))?.[1];
    let call: AwsCall | undefined;
    try {
      refuseForeignPage(request);
      if (handler) return await handler(request, response);
      call = readCall(request);
      const limited = await this.#limit(call, request).catch(async (error) => {
        await this.paced.wait({ service: 'others', operation: '' }, response); // it is refused at the door
        throw error;
      });
      call = limited.call;
      await this.paced.wait(call, response);
      const route: Route = (...exchange) => this.#route(...exchange);
      if (this.#faults.mayConcern(call)) await this.#faults.serve(call, limited.request, response, route);
      else await route(call, limited.request, response);
    } catch (error) {
      this.#fail(error, { call, request, response });
    }
  }

  /**
   * Counts a call with the rates of its account.
   * @returns the call, named, and its request, which may have been read to name it
   * @throws AwsError if the account makes such calls too fast
   */
  async #limit(call: AwsCall, request: IncomingMessage): Promise<{ call: AwsCall; request: IncomingMessage }> {
    if (!this.rates || !hasRates(call.service)) return { call, request };
    const named = call.operation === '' ? await nameOperation(call, request) : { call, request };
    // A caller that nobody knows is refused by the service itself.
    const caller = await this.#callerOf(call).catch(() => undefined);
    const { service, operation } = named.call;
    if (caller) this.rates.take({ service, operation, accountId: caller.accountId, region: caller.region });
    return named;
  }

  async #route(call: AwsCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(call, request, response);
    } catch (error) {
      this.#fail(error, { call, request, response });
    }
  }

  async #answer(call: AwsCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const service = call.target ? this.#services.get(call.target) : undefined;
    const operation =
      service && Object.hasOwn(service.operations, call.operation) && service.operations[call.operation];
    if (operation) {
      if (!call.accessKey) throw unsigned();
      const body = await readBody(request);
      if (this.#emulator) await requireSignature(this.#emulator, call.accessKey, request, body);
      const [input, caller] = [parseJson(body), await this.#callerOf(call)];
      const { model } = service;
      const modelled = model && { service: model, operation: call.operation, input };
      if (this.#emulator && modelled) await requireModel(this.#emulator, modelled);
      if (this.#emulator) await requireRights(this.#emulator, caller, service.rights(call.operation, input, caller));
      const output = (await operation(input, caller)) ?? {};
      if (this.#emulator && modelled) await requireModel(this.#emulator, { ...modelled, output });
      this.#send(call, response, {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
        body: JSON.stringify(output),
      });
    } else if (service?.others === 'refuse') throw notImplemented(call);
    else if (this.#forwarder) await this.#forwarder.forward(call, request, response);
    else throw new AwsError('ServiceUnavailable', 'the local cloud is still starting', 503);
  }

  /** Answers with what went wrong, in the client's own form; reports what nobody foresaw. */
  #fail(error: unknown, { call, request, response }: Exchange): void {
    if (error instanceof ClientGone) return void response.destroy();
    const requestId = randomUUID();
    if (!(error instanceof AwsError)) this.report(`${nameOf({ call, request })} (request ${requestId})`, error);
    if (response.writableEnded) return;
    if (response.headersSent) return void response.destroy(); // half an answer must not look like a whole one
    request.resume(); // or a client that is still sending would not see the answer
    const message = error instanceof Error ? error.message : String(error);
    if (call) {
      const known =
        error instanceof AwsError ? error : new AwsError('InternalFailure', `${call.operation}: ${message}`, 500);
      this.#send(call, response, errorAnswer(known, call.protocol, requestId));
    } else {
      const status = error instanceof AwsError ? error.status : 500;
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`${message}\n`);
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

/** @returns a call of the query protocol with the operation that its body names, and the request to be read again. */
async function nameOperation(call: AwsCall, request: IncomingMessage) {
  const body = await readBody(request);
  return { call: { ...call, operation: queryAction(body) ?? 'Unknown' }, request: withBody(request, body) };
}

/** @returns how a report names a request; without its query, in which credentials may be. */
const nameOf = ({ call, request }: Omit<Exchange, 'response'>): string =>
  call ? `${call.service} ${call.operation}` : `${request.method} ${requestUrl(request).pathname}`;

const notImplemented = (call: AwsCall) =>
  new AwsError('NotImplementedException', `the local cloud does not implement ${call.target}.${call.operation}`, 501);

/** docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; in JSON services with this name. */
const unsigned = () => new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 400);

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
