import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readBody } from '../../lib/local/calls/read-body';
import { GitHub } from '../../lib/local/github/github';
import { GitHubClient } from '../../lib/local/github/github-client';
import { githubApiUrl } from '../../lib/local/github/http/paths';
import { TestClock } from '../test-clock';
import { eventually, run } from './a-cloud';

/** The double of GitHub on a server of its own, for the tests of one file. */
export interface AGitHub {
  readonly endpoint: string;
  readonly apiUrl: string;
  readonly github: GitHub;
  /** Of ada, who may do everything. */
  readonly ada: GitHubClient;
  readonly clock: GitHubClock;
  /** For clones; removed in the end. */
  readonly work: string;
  /** Calls the API without any client. */
  call(method: string, path: string, options?: CallOptions): Promise<Called>;
  stop(): Promise<void>;
}

interface CallOptions {
  /** `ada` if not given; none if empty. */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Called {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they want of an answer
  readonly body: any;
}

/** Goes as the machine's clock does, and ahead of it; but whoever sleeps wakes up only when it is wound on. */
class GitHubClock extends TestClock {
  /** In milliseconds. */
  ahead = 0;

  override now = (): number => Date.now() + this.ahead;
}

/** A file of tests creates more in a minute than anybody may. */
const PLENTY = { contentPerMinute: 10_000, contentPerHour: 10_000 };

/** Starts a double; stop it after the tests. */
export async function aGitHub(): Promise<AGitHub> {
  const work = mkdtempSync(join(tmpdir(), 'seedbed-github-'));
  const clock = new GitHubClock();
  const server = createServer((request, response) => void github.answer(request, response));
  const endpoint = await listen(server);
  const root = join(work, 'repositories');
  const github = new GitHub({ root, endpoint, clock, limits: PLENTY });
  const ada = new GitHubClient(endpoint, 'ada');
  await ada.register('ada');
  return {
    endpoint,
    apiUrl: githubApiUrl(endpoint),
    github,
    ada,
    clock,
    work,
    call: async (method, path, { token = 'ada', body, headers } = {}) => {
      const answer = await fetch(path.startsWith('http') ? path : `${githubApiUrl(endpoint)}${path}`, {
        method,
        redirect: 'manual',
        headers: { ...(token ? { authorization: `token ${token}` } : {}), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.startsWith('application/json');
      return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    },
    stop: async () => {
      await github.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** A clone with which tests commit and push. */
export class AClone {
  constructor(readonly directory: string) {}

  async git(...args: string[]): Promise<string> {
    return (await run('git', ['-C', this.directory, ...args])).stdout.trim();
  }

  /** Writes files and commits them. @returns the commit's id */
  async commit(message: string, files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.directory, path)), { recursive: true });
      await writeFile(join(this.directory, path), text);
    }
    await this.git('add', '--all');
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    await this.git(...who, 'commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }
}

/** Makes a repository and clones it. @param repository `owner/name` */
export async function aRepository(at: AGitHub, repository: string, options = {}): Promise<AClone> {
  await at.ada.createRepository(repository, options);
  return aClone(at, repository);
}

export async function aClone(at: AGitHub, repository: string, token = 'ada'): Promise<AClone> {
  const directory = join(at.work, `${repository.replace('/', '-')}-${Math.random().toString(36).slice(2)}`);
  await run('git', ['clone', '--quiet', new GitHubClient(at.endpoint, token).gitUrl(repository), directory]);
  return new AClone(directory);
}

/** A webhook that arrived. */
interface Arrived {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they want of a payload
  readonly payload: any;
}

/** A server that takes webhooks. */
export interface AReceiver {
  readonly url: string;
  /** How it answers; null: not at all. */
  answers: number | null;
  /** Waits until this many have arrived. @returns them, in the order in which they arrived */
  arrived(count: number): Promise<readonly Arrived[]>;
  /** @returns what has arrived. */
  readonly all: readonly Arrived[];
  forget(): void;
  stop(): Promise<void>;
}

export async function aReceiver(): Promise<AReceiver> {
  const all: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const raw = (await readBody(request)).toString('utf8');
    const isJson = request.headers['content-type'] === 'application/json';
    const payload = JSON.parse(isJson ? raw : (new URLSearchParams(raw).get('payload') ?? ''));
    all.push({ event: String(request.headers['x-github-event']), headers: request.headers, raw, payload });
    if (receiver.answers !== null) response.writeHead(receiver.answers).end('thanks');
  });
  const receiver: AReceiver = {
    url: `${await listen(server)}/github`,
    answers: 202,
    all,
    arrived: (count) => eventually(async () => (all.length >= count ? [...all] : undefined)),
    forget: () => {
      all.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
