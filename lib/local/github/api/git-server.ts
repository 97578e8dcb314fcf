import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodePart, requestUrl } from '../../calls/request-url';
import { readExchange, serveGit } from '../../git/smart-http';
import { authorize, reaches } from '../access/access';
import { type Caller, loginOf } from '../access/caller';
import { Answer, GitHubError } from '../http/answer';
import { GITHUB_GIT_PATH } from '../http/paths';
import { htmlUrlOf } from '../json/repository-json';
import { fullName, type Repository } from '../repositories/repositories';
import type { GitHubParts } from './parts';

const REPOSITORY = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/.*)$/;

/** Either the answer that refuses a request of git, or the repository to which it is admitted. */
type Admission = Answer | { readonly repository: Repository; readonly caller: Caller };

/**
 * Serves clones and pushes over HTTP, with a token as password.
 * @returns the requested service and the status, for counting
 */
export async function answerGit(
  parts: GitHubParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<readonly [service: string, status: number]> {
  const exchange = readExchange(request);
  const admission = exchange ? admit(parts, request, exchange.service) : text(404, 'Not Found');
  if (exchange && !(admission instanceof Answer)) {
    const { repository, caller } = admission;
    const pusher = { SEEDBED_PUSHER: loginOf(caller) };
    await serveGit(exchange, repository.directory, request, response, pusher);
    return [exchange.service, 200];
  }
  const { status, headers, body } = admission as Answer;
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(`${body}\n`);
  request.resume();
  return [exchange?.service ?? 'git', status];
}

function admit(parts: GitHubParts, request: IncomingMessage, service: string): Admission {
  const path = requestUrl(request).pathname.slice(GITHUB_GIT_PATH.length);
  const [, owner = '', name = '', rest = ''] = REPOSITORY.exec(path) ?? [];
  const repository = parts.repositories.find(owner, decodePart(name));
  try {
    const caller = parts.tokens.identify(request.headers.authorization);
    if (caller.kind === 'anonymous' && (service === 'git-receive-pack' || !repository || repository.private))
      return askForToken();
    if (!repository || (repository.private && !reaches(caller, repository))) return text(404, 'Repository not found.');
    authorize(caller, repository, [{ contents: service === 'git-receive-pack' ? 'write' : 'read' }]);
    if (fullName(repository).toLowerCase() === `${owner}/${name}`.toLowerCase()) return { repository, caller };
    const { search } = requestUrl(request);
    return text(301, 'Moved Permanently', { location: `${htmlUrlOf(parts, repository)}.git${rest}${search}` });
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.status === 401) return askForToken();
    return text(403, service === 'git-receive-pack' ? 'Write access to repository not granted.' : error.message);
  }
}

const text = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  new Answer(status, message, headers);

/** Makes git ask for a password. */
const askForToken = () =>
  text(401, 'Invalid username or token. Password authentication is not supported for Git operations.', {
    'www-authenticate': 'Basic realm="GitHub"',
  });
