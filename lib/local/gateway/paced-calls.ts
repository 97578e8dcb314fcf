import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { AwsCall } from '../calls/aws-request';
import type { EmulatorClient } from '../calls/emulator-client';
import { ClientGone, readJson } from '../calls/read-body';
import { latencyOf, Pace } from '../pace/pace';

/** Calls take as long as the pace says, beside what the local cloud needs for them; nothing else waits meanwhile. */
export class PacedCalls {
  #pace: Pace | undefined;
  #emulator: EmulatorClient | undefined;

  /** Names the emulator, which has its part of the pace: how long changes take. */
  connect(emulator: EmulatorClient): void {
    this.#emulator = emulator;
  }

  /** @returns the pace at which everything goes now; undefined if nothing is slowed down. */
  get pace(): Pace | undefined {
    return this.#pace;
  }

  /** Sets the pace for all calls and changes that begin from now on. */
  async set(pace: Pace | undefined): Promise<void> {
    this.#pace = pace;
    await this.#emulator?.send({ accessKey: '000000000000', region: 'us-east-1' }, 'sts', {
      method: 'POST',
      path: '/_seedbed/pace',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(pace ?? null),
    });
  }

  /**
   * Lets the latency of a call pass.
   * @throws ClientGone if the client has not waited so long
   */
  async wait({ service, operation }: Pick<AwsCall, 'service' | 'operation'>, response: ServerResponse): Promise<void> {
    const latency = this.#pace === undefined ? 0 : latencyOf(this.#pace, service, operation);
    if (latency === 0) return;
    const over = new AbortController();
    const gone = once(response, 'close', { signal: over.signal }).then(
      () => true,
      () => false,
    );
    const stayed = pause(latency, false, { signal: over.signal }).catch(() => false);
    const isGone = await Promise.race([gone, stayed]);
    over.abort();
    if (isGone) throw new ClientGone();
  }

  /** `PUT` sets the pace and `DELETE` ends it. Like `GET`, both answer with the pace, or `null`. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'DELETE') await this.set(undefined);
    if (request.method === 'PUT') {
      const wanted = Pace.safeParse(await readJson(request));
      if (!wanted.success) {
        response.writeHead(400, { 'content-type': 'text/plain' }).end(`${z.prettifyError(wanted.error)}\n`);
        return;
      }
      await this.set(wanted.data);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#pace ?? null));
  }
}
