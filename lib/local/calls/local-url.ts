/** `<id>.execute-api.<region>.<suffix>`, the host of an API. */
const API_HOST = /^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.[a-z.]+$/;

/**
 * @param url any URL; that of an HTTP API is as on AWS: `https://<id>.execute-api.<region>.<suffix>/<path>`
 * @param endpoint the local cloud's, which cannot resolve the host names of APIs
 * @param stage the API's, if the URL names one: its path begins with it then
 * @returns where the local cloud serves that path; any other URL unchanged
 */
export function localUrl(url: string, endpoint: string, stage?: string): string {
  const { hostname, pathname } = new URL(url);
  const [, id] = API_HOST.exec(hostname) ?? [];
  if (id === undefined) return url;
  return `${endpoint}/_aws/execute-api/${id}${stage === undefined ? '/$default' : ''}${pathname}`;
}
