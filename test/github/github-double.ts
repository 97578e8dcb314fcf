import { generateKeyPairSync } from 'node:crypto';
import type { GitHubSecret } from '../../lib/core/contracts/github-secret';
import { gitHubClients } from '../../lib/github/client';

/** A call as it arrived. */
interface SeenCall {
  /** `GET /repos/acme/shop`, with the query. */
  readonly call: string;
  readonly authorization: string;
  readonly body: unknown;
}

/** What is answered: a body of a 200, or all of a response. */
export type DoubleAnswer = Response | object;
type Respond = (call: SeenCall) => DoubleAnswer | Promise<DoubleAnswer>;

export const API = 'https://api.github.test';

/** @returns an error as GitHub makes them. */
export const anError = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ message, documentation_url: 'https://docs.github.com/rest' }, { status, headers });

/** A `fetch` that knows some calls, and all calls that it has seen. Whatever is not known is 404. */
export function gitHubDouble(routes: Record<string, Respond> = {}) {
  const seen: SeenCall[] = [];
  const double: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const call = `${init?.method ?? 'GET'} ${url.pathname}${url.search}`;
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const one = { call, authorization: headers.get('authorization') ?? '', body };
    seen.push(one);
    const answer = (await routes[call]?.(one)) ?? anError(404, 'Not Found');
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { fetch: double, seen, calls: () => seen.map(({ call }) => call), routes };
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const webhookSecrets = ['0123456789abcdef'];
export const A_TOKEN: GitHubSecret = { token: 'github_pat_secret', webhookSecrets };
export const AN_APP: GitHubSecret = { app: { id: '42', privateKey }, webhookSecrets };

/** @returns clients that speak to the double, a thousand times as impatient as real ones. */
export const clientsOf = (github: { fetch: typeof fetch }, secret: GitHubSecret | (() => GitHubSecret) = A_TOKEN) =>
  gitHubClients(
    { apiUrl: API, secret: 'seedbed/github' },
    async () => (typeof secret === 'function' ? secret() : secret),
    { fetch: github.fetch, second: 1 },
  );

export const SHOP = { provider: 'github', name: 'acme/shop' } as const;
