import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** The answer to one request. */
export interface LoadAnswer {
  readonly status: number;
  readonly body: string;
}

/** Where to send requests, how often, and how to read the answers. */
export interface LoadOptions {
  /** `http:` on loopback only: a load is for the local cloud, and must never hit anybody's server. */
  readonly url: string;
  /**
   * Requests a second, evenly spaced; at most {@link MOST_PER_SECOND}. Fewer are sent while too many wait for their
   * answers.
   */
  readonly perSecond: number;
  /** @returns which answer this is (`v1`, `v2`…), or undefined if it is unexpected, which counts as an error */
  readonly classify: (answer: LoadAnswer) => string | undefined;
  /** After how long a request counts as lost, in milliseconds; 10 s if not given. */
  readonly patience?: number;
}

/** How often each answer came. */
export interface Counts {
  /** Counts by the result of `classify`. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests that were lost, or whose answer `classify` did not expect. */
  readonly errors: number;
}

/** One request that has ended. */
export interface LoadRequest {
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** How long its answer took, in milliseconds. */
  readonly took: number;
  /** The result of `classify`; undefined for an error. */
  readonly answer?: string;
  /** The unexpected answer, or why there was none. */
  readonly error?: string;
}

/** Everything about a load that has ended. */
export interface LoadReport extends Counts {
  readonly sent: number;
  /** All requests, in the order in which they ended. */
  readonly requests: readonly LoadRequest[];
  /** The first few different errors. */
  readonly examples: readonly string[];
  /** Milliseconds until the answer. */
  readonly latency: { readonly median: number; readonly p95: number; readonly p99: number; readonly max: number };
}

/** A load under way. */
export interface Load {
  /**
   * @param since counts only requests sent since this time (milliseconds since 1970), if given
   * @returns the counts so far
   */
  sample(since?: number): Counts;
  /** Sends no more requests, and waits for the outstanding answers. May be called twice. */
  stop(): Promise<LoadReport>;
}

const MOST_PER_SECOND = 200;
/** A load that nobody stops ends by itself. */
const LONGEST_MS = 15 * 60_000;
/**
 * How many requests may wait for their answers at once. The local cloud runs a process for each: with more, a slow
 * machine would do nothing but start processes.
 */
const MOST_IN_FLIGHT = 16;
const EXAMPLES = 5;

/**
 * Begins to send steady requests, `GET`, to a URL on loopback.
 * @throws Error if the URL is not on loopback, or the rate is out of bounds
 */
export function startLoad({ url, perSecond, classify, patience = 10_000 }: LoadOptions): Load {
  const target = loopbackUrl(url);
  if (!(perSecond > 0 && perSecond <= MOST_PER_SECOND))
    throw new Error(`a load of ${perSecond} requests a second: give more than 0 and at most ${MOST_PER_SECOND}`);
  const agent = new Agent({ keepAlive: true });
  const requests: LoadRequest[] = [];
  const pending = new Set<Promise<void>>();
  const stopped = new AbortController();

  const send = async (): Promise<void> => {
    const at = Date.now();
    const from = performance.now();
    const result = await ask(target, agent, patience).then(
      (answer) => {
        const known = classify(answer);
        return known === undefined ? { error: `${answer.status}: ${answer.body.slice(0, 200)}` } : { answer: known };
      },
      (error: Error) => ({ error: `no answer: ${error.message}` }),
    );
    requests.push({ at, took: performance.now() - from, ...result });
  };
  const run = async (): Promise<void> => {
    const begin = performance.now();
    for (let sent = 0; !stopped.signal.aborted; sent += 1) {
      const due = begin + (sent * 1000) / perSecond;
      if (due - begin > LONGEST_MS) break;
      // If the machine was busy, late requests catch up, so that the load has the rate that it was given.
      await pause(Math.max(0, due - performance.now()), undefined, { signal: stopped.signal }).catch(() => undefined);
      while (pending.size >= MOST_IN_FLIGHT) await Promise.race(pending);
      if (stopped.signal.aborted) break;
      const request = send();
      pending.add(request);
      void request.finally(() => pending.delete(request));
    }
  };
  const running = run();

  let ending: Promise<LoadReport> | undefined;
  const end = async (): Promise<LoadReport> => {
    stopped.abort();
    await running;
    await Promise.all(pending);
    agent.destroy();
    return report(requests);
  };
  return {
    sample: (since = 0) => count(requests.filter(({ at }) => at >= since)),
    stop: () => {
      ending ??= end();
      return ending;
    },
  };
}

/** @returns how often each answer is among the requests. */
function count(requests: readonly LoadRequest[]): Counts {
  const answers: Record<string, number> = {};
  for (const { answer } of requests) if (answer !== undefined) answers[answer] = (answers[answer] ?? 0) + 1;
  return { answers, errors: requests.filter(({ error }) => error !== undefined).length };
}

function report(requests: readonly LoadRequest[]): LoadReport {
  const took = requests.map((one) => one.took).sort((a, b) => a - b);
  const at = (part: number) => Math.round(took[Math.min(took.length - 1, Math.floor(part * took.length))] ?? 0);
  const errors = requests.flatMap(({ error }) => error ?? []);
  return {
    ...count(requests),
    sent: requests.length,
    requests,
    examples: [...new Set(errors)].slice(0, EXAMPLES),
    latency: { median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}

function loopbackUrl(text: string): URL {
  const url = new URL(text);
  const isLoopback = /^(127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && isLoopback) return url;
  throw new Error(`a load goes to loopback only (http://127.0.0.1:…), not to ${url.origin}`);
}

const ask = (url: URL, agent: Agent, patience: number): Promise<LoadAnswer> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    const outgoing = httpRequest(url, { agent, signal }, (incoming) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => {
        body += text;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }));
    });
    outgoing.on('error', (error) => reject(signal.aborted ? new Error(`${patience} ms are over`) : error));
    outgoing.end();
  });
