/** `<id>.execute-api.<region>.<suffix>`, the host of an API. */
const API_HOST = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.[a-z.]+$/;

/**
 * @param url of anything; of an HTTP API as AWS would serve it: `https://<id>.execute-api.<region>.<suffix>/<path>`
 * @param endpoint of the local cloud, where no host names of APIs are known
 * @returns where that path is on the local cloud; any other URL as it is
 */
export function localUrl(url: string, endpoint: string): string {
  const { hostname, pathname } = new URL(url);
  const [, id] = API_HOST.exec(hostname) ?? [];
  return id === undefined ? url : `${endpoint}/_aws/execute-api/${id}/$default${pathname}`;
}
