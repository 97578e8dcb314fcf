import { Agent, request as httpRequest } from 'node:http';
import type { Authorize, Caller, EmulatorRequest } from './authorize';
import { AwsError } from './aws-error';

/** What is wrong with a call; empty if nothing is. */
export interface Objection {
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
}

/** An answer of the emulator. */
export interface EmulatorAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Calls the emulator: directly, for the gateway's own services, or through the gateway. No SDK: the gateway must start
 * in a moment. The emulator judges these calls by the rights of the caller that is named.
 */
export class EmulatorClient {
  readonly #agent = new Agent({ keepAlive: true });

  /**
   * @param port where the emulator, or the gateway, listens on loopback
   * @param authorize says who calls
   */
  constructor(
    private readonly port: number,
    private readonly authorize: Authorize,
  ) {}

  /**
   * Calls an operation of a service that speaks JSON with X-Amz-Target.
   * @param service signing name
   * @param target `<prefix>.<Operation>`, such as `Logs_20140328.PutLogEvents`
   * @throws AwsError what the emulator answered
   */
  async json<T = unknown>(caller: Caller, service: string, target: string, input: unknown): Promise<T> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    const answer = await this.send(caller, service, {
      method: 'POST',
      path: '/',
      headers,
      body: JSON.stringify(input),
    });
    const output = answer.body.length > 0 ? JSON.parse(answer.body.toString('utf8')) : {};
    if (answer.status < 300) return output as T;
    const type = String(output.__type ?? 'InternalFailure').replace(/^.*#/, '');
    throw new AwsError(type, output.message ?? output.Message ?? `${target} failed`, answer.status);
  }

  /**
   * Asks what only the launcher's patches answer: a question of the gateway's about a call.
   * @param path below `/_seedbed/`
   * @returns the answer; of what is to be refused it has a code
   */
  async ask(caller: Caller, path: string, question: unknown): Promise<Objection> {
    const { body } = await this.send(caller, 'sts', {
      method: 'POST',
      path: `/_seedbed/${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    return JSON.parse(body.toString('utf8'));
  }

  /** Sends any request. */
  async send(caller: Caller, service: string, request: EmulatorRequest): Promise<EmulatorAnswer> {
    const { method, path, headers, body = '' } = request;
    const authorization = await this.authorize(caller, service, request);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          host: '127.0.0.1',
          port: this.port,
          agent: this.#agent,
          method,
          path,
          headers: { ...headers, ...authorization, 'content-length': Buffer.byteLength(body) },
        },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('error', reject);
          incoming.on('end', () => resolve({ status: incoming.statusCode ?? 500, body: Buffer.concat(parts) }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }
}
