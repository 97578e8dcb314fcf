import type { ServerResponse } from 'node:http';
import { AwsError } from '../calls/aws-error';
import { decodePart, requestUrl } from '../calls/request-url';
import type { PathHandler } from '../gateway/gateway';
import { readExchange, serveGit } from '../git/smart-http';
import type { Repositories } from './repositories';

/** Where git clones from and pushes to, as at CodeCommit. */
export const REPOSITORIES_PATH = '/v1/repos/';

const REQUEST = /^\/v1\/repos\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Serves clones and pushes of CodeCommit's repositories. */
export function gitHttp(repositories: Repositories): PathHandler {
  return async (request, response) => {
    const [, name = ''] = REQUEST.exec(requestUrl(request).pathname) ?? [];
    const exchange = readExchange(request);
    if (!exchange) return refuse(response, 'only clones and pushes by git 1.6.6 or newer are served here');
    let directory: string;
    try {
      directory = await repositories.directory(decodePart(name));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return refuse(response, error.message);
    }
    await serveGit(exchange, directory, request, response);
  };
}

const refuse = (response: ServerResponse, message: string): void => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end(`${message}\n`);
};
