import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../calls/aws-error';

/** What of a request tells whether a browser sent it, and for which page. */
export interface Asked {
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
}

/** Paths and hosts of APIs and function URLs, which anybody may call, as on AWS. */
const DATA_PATH = /^\/_aws\/(execute-api|lambda-url)\//;
const DATA_HOST = /^[a-z0-9-]+\.(execute-api|lambda-url)\./;

/** Names that lead to this machine wherever they are asked for (RFC 6761, 6.3), and so to no page of somebody else. */
const LOOPBACK = /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a request is for the data plane: an API's or a function URL's.
 * @param asked the request
 */
const isDataPlane = ({ url = '/', headers }: Asked): boolean =>
  DATA_PATH.test(url) || DATA_HOST.test(hostOf(headers) ?? '');

/**
 * Refuses what a web page of somebody else could have sent by this machine's browser. Such a page can send simple
 * requests to any port of loopback, and by a name of its own that it lets lead here (DNS rebinding) also read answers.
 * Browsers say where a request comes from in `Origin` and `Sec-Fetch-Site`
 * (developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site), and by which name in `Host`; AWS tools send
 * neither of the first two. Pages of this machine itself, such as an app that is being developed, may call.
 * @throws AwsError `AccessDeniedException`
 */
export function refuseForeignPage(asked: Asked): void {
  if (isDataPlane(asked)) return;
  const { headers } = asked;
  const host = hostOf(headers);
  if (host !== undefined && !LOOPBACK.test(host))
    throw refused(`it was sent to "${host}", and this is loopback: use 127.0.0.1 or localhost`);
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && localOrigin(origin) === undefined)
    throw refused(`a page of "${origin}" asks, and only pages of this machine may`);
  if (origin === undefined && site === 'cross-site') throw refused('a page of another site asks');
}

/** @returns an origin on this machine as it is; undefined if there is none, or if it is somebody else's. */
const localOrigin = (origin: string | undefined): string | undefined =>
  origin !== undefined && URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname) ? origin : undefined;

/**
 * The emulator lets every page read its answers. Those of the control plane are for pages of this machine alone; an API
 * says itself who may read its answers.
 * @param name of a header of an answer, in lower case
 * @returns its value for whoever asked; undefined if it is not for them
 */
export function sharedWith(asked: Asked, name: string, value: string): string | undefined {
  if (!name.startsWith('access-control-') || isDataPlane(asked)) return value;
  const origin = localOrigin(asked.headers.origin);
  return name === 'access-control-allow-origin' && value === '*' ? origin : origin && value;
}

/** @returns the name by which a request was sent, without its port. */
function hostOf(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? headers[':authority'];
  return typeof host === 'string' ? host.toLowerCase().replace(/:\d*$/, '') : undefined;
}

const refused = (why: string): AwsError =>
  new AwsError('AccessDeniedException', `the local cloud refuses this: ${why}`, 403);
