import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import * as z from 'zod';
import { type AwsError, errorAnswer } from '../calls/aws-error';
import { type AwsCall, queryAction } from '../calls/aws-request';
import { readBody, readJson, withBody } from '../calls/read-body';
import { callingProcess } from './calling-process';
import { internalError, throttlingError } from './fault-answers';
import { type Fault, FaultRule, Faults } from './faults';

/** Answers a call normally, without faults; never rejects. */
export type Route = (call: AwsCall, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What the injection needs of the gateway. */
export interface Surroundings {
  /** @returns the ARN of the call's caller */
  callerOf(call: AwsCall): Promise<string>;
  /** Called for each call that is answered here. */
  note(call: AwsCall, status: number): void;
  /** @returns the process id of the emulator's guard; undefined while that is starting */
  guard(): number | undefined;
}

/** A call and where its answer goes. */
interface Exchange {
  readonly call: AwsCall;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Makes calls fail on purpose, so that tests see what an application does when AWS fails or a worker dies. */
export class FaultInjection {
  readonly #faults = new Faults();

  constructor(private readonly gateway: Surroundings) {}

  /** @returns whether a call has to go through {@link serve}. */
  mayConcern(call: AwsCall): boolean {
    return this.#faults.mayConcern(call);
  }

  /** Answers a call by `route`, or makes it fail. */
  async serve(call: AwsCall, request: IncomingMessage, response: ServerResponse, route: Route): Promise<void> {
    const body = await readBody(request);
    const named = call.operation === '' ? { ...call, operation: queryAction(body) ?? 'Unknown' } : call;
    const fault = await this.#faults.take(named, `${request.url} ${body}`, () => this.gateway.callerOf(named));
    const again = { call: named, request: withBody(request, body), response };
    if (fault) await this.#fail(fault, again, route);
    else await route(named, again.request, response);
  }

  /**
   * `POST` adds a rule and `DELETE` removes all of them. Like `GET`, both answer with the rules and how often they were
   * applied.
   */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'DELETE') this.#faults.clear();
    if (request.method === 'POST') {
      const rule = FaultRule.safeParse(await readJson(request));
      if (!rule.success) {
        response.writeHead(400, { 'content-type': 'text/plain' }).end(`${z.prettifyError(rule.error)}\n`);
        return;
      }
      this.#faults.add(rule.data);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#faults.read()));
  }

  async #fail(fault: Fault, exchange: Exchange, route: Route): Promise<void> {
    const { call, request } = exchange;
    switch (fault.kind) {
      case 'throttle':
        return this.#refuse(fault, exchange, throttlingError(call.service));
      case 'error':
        return this.#refuse(fault, exchange, internalError(call.service));
      case 'no-body':
        this.gateway.note(call, 503);
        fault.happened();
        return void exchange.response.writeHead(503, { 'content-length': 0 }).end();
      case 'reset':
        fault.happened();
        return void exchange.response.destroy();
      case 'half-answer':
        await half(call, request, exchange.response, route);
        fault.happened();
        return;
      case 'timeout-before':
        fault.happened();
        return; // the connection stays open until the client has had enough
      case 'timeout-after':
        await unheard(call, request, route);
        fault.happened();
        return;
      case 'kill-before':
        return this.#kill(fault, exchange);
      case 'kill-after':
        await unheard(call, request, route);
        return this.#kill(fault, exchange);
      default:
        return fault.kind satisfies never;
    }
  }

  #refuse(fault: Fault, { call, response }: Exchange, error: AwsError): void {
    const answer = errorAnswer(error, call.protocol, randomUUID());
    this.gateway.note(call, answer.status);
    fault.happened();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /**
   * Only a worker of the emulator is ever killed. Any other caller sees its connection break, and the fault is not
   * counted; nor is it if the worker has died meanwhile, by a fault at another of its calls.
   */
  async #kill(fault: Fault, { request, response }: Exchange): Promise<void> {
    const guard = this.gateway.guard();
    const pid = guard === undefined ? undefined : await callingProcess(request.socket, guard);
    if (pid !== undefined && kill(pid)) fault.happened();
    else fault.missed();
    response.destroy();
  }
}

/** @returns whether a process was there to be killed. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** An answer, as the service gave it. */
interface Heard {
  readonly status: number;
  readonly body: Buffer;
}

/** Carries a call out, and keeps its answer from everybody. @returns the answer */
async function unheard(call: AwsCall, request: IncomingMessage, route: Route): Promise<Heard> {
  const parts: Buffer[] = [];
  let status = 200;
  const nobody = new Writable({
    write: (part, _encoding, done) => {
      parts.push(Buffer.from(part));
      done();
    },
  });
  const writeHead = (given: number) => {
    status = given;
    return response;
  };
  const response = Object.assign(nobody, { headersSent: false, writeHead });
  const closed = once(response, 'close');
  await route(call, request, response as unknown as ServerResponse);
  await closed;
  return { status, body: Buffer.concat(parts) };
}

/** Carries a call out and breaks the connection within its answer, or before one without a body. */
async function half(call: AwsCall, request: IncomingMessage, response: ServerResponse, route: Route): Promise<void> {
  const { status, body } = await unheard(call, request, route);
  if (body.length === 0) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/octet-stream', 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
