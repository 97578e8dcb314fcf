import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Files } from './a-service';

/** Someone who waits at the gate. */
export interface Visitor {
  /** What it said of itself. */
  readonly card: Readonly<Record<string, string>>;
  /** Lets it go on. */
  go(): void;
}

/**
 * Holds whoever asks at one of its doors until the test lets it go on: so a release stands still where a test wants it.
 */
export interface Gate {
  /** @returns the URL of a door. */
  url(door: string): string;
  /** Waits for the next one at a door. */
  next(door: string): Promise<Visitor>;
  /** Lets everybody go, also those still to come to the build's door, and ends. */
  close(): Promise<void>;
}

/** Opens a gate on a free port of loopback. */
export async function aGate(): Promise<Gate> {
  const arrived = new Map<string, Visitor[]>();
  const waiting = new Map<string, ((visitor: Visitor) => void)[]>();
  const open: ServerResponse[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    open.push(response);
    const door = new URL(request.url!, 'http://gate').pathname.slice(1);
    const visitor = {
      card: JSON.parse(Buffer.concat(parts).toString('utf8')),
      go: () => void response.end('go'),
    };
    const next = waiting.get(door)?.shift();
    if (next) next(visitor);
    else arrived.set(door, [...(arrived.get(door) ?? []), visitor]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: (door) => `http://127.0.0.1:${port}/${door}`,
    next(door) {
      const visitor = arrived.get(door)?.shift();
      if (visitor) return Promise.resolve(visitor);
      return new Promise((resolve) => waiting.set(door, [...(waiting.get(door) ?? []), resolve]));
    },
    async close() {
      for (const response of open) response.end('go');
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Name of the file that makes the builds of a service wait at the gate. */
export const HELD = 'held';

/**
 * @param seedYml further keys of seed.yml
 * @returns files that make the builds of all services with a file `held` wait at the gate's door `build`
 */
export const heldBuilds = (gate: Gate, seedYml: Readonly<Record<string, unknown>> = {}): Files => ({
  'seed.yml': `${JSON.stringify({ before_compile: ['node visit-gate.js'], ...seedYml }, undefined, 2)}\n`,
  'visit-gate.js': `const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { SEED_SERVICE_PATH: service, SEED_STAGE_NAME: stage, CODEBUILD_BUILD_ID: build } = process.env;
const body = JSON.stringify({ service, stage, build, pid: String(process.pid) });
if (existsSync(join(service, '${HELD}'))) fetch('${gate.url('build')}', { method: 'POST', body });
`,
});
