/** `https://<id>.execute-api.<region>.<suffix>[/<stage>]`, as the framework's outputs give the URL of an API. */
const API_URL = /^https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.[a-z.]+(?:\/([^/]+))?\/?$/;

/** An HTTP API's stage has no part in its URL. */
const HTTP_API_STAGE = '$default';

/**
 * @param outputs of a service's stack
 * @param endpoint of the local cloud, where no host names of APIs are known
 * @returns the URLs of the service's REST and HTTP APIs there, without a slash at the end
 */
export function localApiUrls(outputs: Readonly<Record<string, string>>, endpoint: string): readonly string[] {
  return Object.values(outputs).flatMap((value) => {
    const [, id, stage = HTTP_API_STAGE] = API_URL.exec(value) ?? [];
    return id ? [`${endpoint}/_aws/execute-api/${id}/${stage}`] : [];
  });
}
