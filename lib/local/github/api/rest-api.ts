import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../calls/read-body';
import { authenticate, authorize, requireRights } from '../access/access';
import { type Caller, tokenHeaders } from '../access/caller';
import { Answer, GitHubError, notFound } from '../http/answer';
import type { CallCounts } from '../http/call-counts';
import type { Faults } from '../http/faults';
import { GITHUB_API_PATH, same } from '../http/paths';
import { fullName, type Repository } from '../repositories/repositories';
import type { Call, RepositoryCall, RepositoryRoute, Route } from './call';
import type { GitHubParts } from './parts';
import { type Match, Router } from './router';

/** GitHub's REST API over HTTP: identifies callers, finds routes, counts calls, and answers with limits and errors. */
export class RestApi {
  readonly #router: Router;

  constructor(
    private readonly parts: GitHubParts & { readonly faults: Faults; readonly counts: CallCounts },
    routes: readonly Route[],
    repositoryRoutes: readonly RepositoryRoute[],
  ) {
    this.#router = new Router(routes, repositoryRoutes);
  }

  /** Answers one call. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, counts, rateLimit } = this.parts;
    const url = new URL(request.url ?? '/', this.parts.endpoint);
    const path = url.pathname.slice(GITHUB_API_PATH.length) || '/';
    const match = this.#router.match(request.method ?? 'GET', path);
    const name = match?.name ?? `${request.method} ${path}`;
    const sent = await readBody(request);
    await this.parts.clock.sleep(faults.delayMs);
    let caller: Caller = { kind: 'anonymous' };
    let answer: Answer;
    try {
      const refusal = faults.outage('api') ?? faults.limit();
      answer = refusal ?? (await this.#answer(request, { url, match, sent, as: (found) => (caller = found) }));
      answer = conditional(request, answer);
    } catch (error) {
      answer = error instanceof GitHubError ? error.answer() : this.#unexpected(name, error);
    }
    if (answer.status !== 304) rateLimit.take(caller);
    counts.note(name, answer.status);
    send(response, answer, { ...tokenHeaders(caller), ...rateLimit.headers(caller) });
  }

  async #answer(
    request: IncomingMessage,
    { url, match, sent, as }: { url: URL; match: Match | undefined; sent: Buffer; as: (caller: Caller) => void },
  ): Promise<Answer> {
    const { headers } = request;
    if (!headers['user-agent'])
      return new Answer(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      );
    const caller = this.parts.tokens.identify(headers.authorization);
    as(caller);
    if (this.parts.rateLimit.state(caller).remaining === 0) throw new GitHubError(403, 'API rate limit exceeded.');
    this.parts.contentLimit.take(caller, request.method ?? 'GET');
    if (!match) throw notFound();
    const { params, needs, respond } = match;
    const call: Call = { caller, params, query: url.searchParams, body: json(sent), accept: headers.accept ?? '', url };
    if (respond.of === 'repository') return this.#answerOfRepository(call, match, respond.with);
    if (needs.length > 0 && caller.kind === 'anonymous') throw authenticate();
    requireRights(caller, needs);
    return toAnswer(await respond.with(call));
  }

  /** Our own mistake, or git's: the double says it, so that nobody looks for it elsewhere. */
  #unexpected(name: string, error: unknown): Answer {
    this.parts.report(`${name} of the double of GitHub`, error);
    const why = error instanceof Error ? error.message : error;
    return new GitHubError(500, `the double of GitHub failed at ${name}: ${why}`).answer();
  }

  async #answerOfRepository(call: Call, match: Match, respond: RepositoryRoute['respond']): Promise<Answer> {
    const { repositories, endpoint } = this.parts;
    const { owner = '', repo = '', repository_id } = match.params;
    const repository = repository_id ? repositories.get(Number(repository_id)) : repositories.find(owner, repo);
    if (!repository) throw notFound();
    if (match.by !== 'app') authorize(call.caller, repository, match.needs);
    if (!repository_id && !same(`${owner}/${repo}`, fullName(repository)))
      return movedTo(repository, { endpoint, match, call });
    return toAnswer(await respond({ ...call, repository } satisfies RepositoryCall));
  }
}

/** Redirects from a repository's former name to its address by id, which never changes. */
function movedTo(repository: Repository, { endpoint, match, call }: { endpoint: string; match: Match; call: Call }) {
  const url = `${endpoint}${GITHUB_API_PATH}/repositories/${repository.id}${match.rest}${call.url.search}`;
  const isRead = match.name.startsWith('GET ');
  const body = { message: isRead ? 'Moved Permanently' : 'Temporary Redirect', url, documentation_url: DOCUMENTATION };
  return new Answer(isRead ? 301 : 307, body, { location: url });
}

const DOCUMENTATION = 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects';

const toAnswer = (answer: unknown): Answer => (answer instanceof Answer ? answer : new Answer(200, answer));

function json(sent: Buffer): unknown {
  if (sent.length === 0) return undefined;
  try {
    return JSON.parse(sent.toString('utf8'));
  } catch {
    throw new GitHubError(400, 'Problems parsing JSON');
  }
}

/** Answers 304, which is not counted, if the caller has the answer already. */
function conditional({ method, headers }: IncomingMessage, answer: Answer): Answer {
  if (method !== 'GET' || answer.status !== 200) return answer;
  const bytes = bodyOf(answer);
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const more = { ...answer.headers, etag };
  if (headers['if-none-match']?.replace(/^W\//, '') === etag) return new Answer(304, undefined, more);
  const type = answer.headers['content-type'] ?? typeOf(answer);
  return new Answer(200, bytes, { ...more, 'content-type': type });
}

const typeOf = ({ body }: Answer): string =>
  typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';

const bodyOf = ({ body }: Answer): string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : body === undefined ? '' : JSON.stringify(body);

function send(response: ServerResponse, answer: Answer, more: Readonly<Record<string, string>>): void {
  const body = bodyOf(answer);
  response.writeHead(answer.status, {
    ...(body.length > 0 ? { 'content-type': typeOf(answer), 'content-length': Buffer.byteLength(body) } : {}),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': randomUUID(),
    ...more,
    ...answer.headers,
  });
  response.end(body);
}
