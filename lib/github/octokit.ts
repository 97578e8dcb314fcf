import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { fetchWithin } from './fetch-within';

/** How calls are made; everything but the URL is for tests. */
export interface CallOptions {
  readonly apiUrl: string;
  readonly fetch?: typeof fetch;
  /** Milliseconds of a second. */
  readonly second?: number;
}

/** A worker costs money by the second, so longer waits are left to the state machine that runs it. */
const LONGEST_WAIT = 3;
const DO_NOT_RETRY = [400, 401, 403, 404, 409, 410, 422, 429, 451];

const Client = Octokit.plugin(retry, throttling);

/**
 * @returns a client that waits a limited time for each answer, tries a call once more after a fault of GitHub or of the
 *   network, spaces its writes as GitHub asks, and waits out limits that last a moment
 */
export function octokit({ apiUrl, fetch, second = 1000 }: CallOptions): Octokit {
  const onLimit = (retryAfter: number, _: object, __: Octokit, retryCount: number) =>
    retryAfter <= LONGEST_WAIT && retryCount < 1;
  return new Client({
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'seedbed',
    request: { fetch: fetchWithin(fetch) },
    log: SILENT,
    retry: { retries: 1, doNotRetry: DO_NOT_RETRY, retryAfterBaseValue: second },
    throttle: {
      id: apiUrl,
      onRateLimit: onLimit,
      onSecondaryRateLimit: onLimit,
      retryAfterBaseValue: second,
    },
  });
}

/** Errors say what goes wrong. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
