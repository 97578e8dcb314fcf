import type { IncomingMessage } from 'node:http';

/** @returns the URL that a request asks for, whatever a client wrote there; only its path and query count. */
export const requestUrl = ({ url = '/' }: Pick<IncomingMessage, 'url'>): URL =>
  // A client that takes us for a proxy writes all of it; of a path, two slashes at its beginning would name a host.
  URL.canParse(url) ? new URL(url) : new URL(`http://local/${url.replace(/^\//, '')}`);

/** @returns a part of a path without its percent signs; as it is if they are wrong. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
