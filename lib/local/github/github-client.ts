import type { Control, ControlAnswer } from './control';
import type { GitHubCallCount } from './http/call-counts';
import { GITHUB_API_PATH, GITHUB_CALLS_PATH, GITHUB_CONTROL_PATH, GITHUB_GIT_PATH } from './http/paths';

/** The part of a pull request that the demo and tests look at. */
export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly html_url: string;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

/** A hook to create. */
export interface NewHook {
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
}

/** A developer with a token, as whom the demo and tests act at the double of GitHub. */
export class GitHubClient {
  /**
   * @param endpoint of the local cloud
   * @param token a person's; `register` makes it known
   */
  constructor(
    private readonly endpoint: string,
    private readonly token: string,
  ) {}

  /** Registers the token as a classic one, which may do everything. */
  async register(login: string): Promise<void> {
    await this.control({ tokens: [{ token: this.token, login }] });
  }

  /** Tells the double whom to let in and what is to go wrong. */
  control(told: Control): Promise<ControlAnswer> {
    return this.#send('POST', `${this.endpoint}${GITHUB_CONTROL_PATH}`, told) as Promise<ControlAnswer>;
  }

  /** @returns which calls were made since the start or the last `forgetCalls`. */
  calls(): Promise<readonly GitHubCallCount[]> {
    return this.#send('GET', `${this.endpoint}${GITHUB_CALLS_PATH}`) as Promise<readonly GitHubCallCount[]>;
  }

  async forgetCalls(): Promise<void> {
    await this.#send('POST', `${this.endpoint}${GITHUB_CALLS_PATH}`);
  }

  /** @param repository `owner/name` @returns the URL, with the token, from which git clones and to which it pushes */
  gitUrl(repository: string): string {
    const url = new URL(`${this.endpoint}${GITHUB_GIT_PATH}/${repository}.git`);
    url.username = 'x-access-token';
    url.password = this.token;
    return url.toString();
  }

  /** Creates a repository of an organization. @returns its id */
  async createRepository(repository: string, options: { readonly private?: boolean } = {}): Promise<number> {
    const [owner, name] = repository.split('/');
    return (await this.rest<{ id: number }>('POST', `/orgs/${owner}/repos`, { name, ...options })).id;
  }

  /** @returns the new hook's id. */
  async createHook(repository: string, { url, secret, events }: NewHook): Promise<number> {
    const config = { url, secret, content_type: 'json' };
    return (await this.rest<{ id: number }>('POST', `/repos/${repository}/hooks`, { config, events })).id;
  }

  openPullRequest(
    repository: string,
    pull: { readonly title: string; readonly head: string; readonly base: string },
  ): Promise<PullRequest> {
    return this.rest('POST', `/repos/${repository}/pulls`, pull);
  }

  pullRequest(repository: string, number: number): Promise<PullRequest> {
    return this.rest('GET', `/repos/${repository}/pulls/${number}`);
  }

  closePullRequest(repository: string, number: number): Promise<PullRequest> {
    return this.rest('PATCH', `/repos/${repository}/pulls/${number}`, { state: 'closed' });
  }

  reopenPullRequest(repository: string, number: number): Promise<PullRequest> {
    return this.rest('PATCH', `/repos/${repository}/pulls/${number}`, { state: 'open' });
  }

  /** @returns the texts of the comments on a pull request. */
  async comments(repository: string, number: number): Promise<readonly string[]> {
    const comments = await this.rest<{ body: string }[]>('GET', `/repos/${repository}/issues/${number}/comments`);
    return comments.map(({ body }) => body);
  }

  /** @returns the statuses of a commit, newest first. */
  statuses(
    repository: string,
    sha: string,
  ): Promise<readonly { readonly state: string; readonly context: string; readonly description: string | null }[]> {
    return this.rest('GET', `/repos/${repository}/commits/${sha}/statuses?per_page=100`);
  }

  /** @returns the deployments of a repository, newest first. */
  deployments(
    repository: string,
  ): Promise<readonly { readonly id: number; readonly sha: string; readonly environment: string }[]> {
    return this.rest('GET', `/repos/${repository}/deployments?per_page=100`);
  }

  /** @returns the statuses of a deployment, newest first. */
  deploymentStatuses(
    repository: string,
    id: number,
  ): Promise<readonly { readonly state: string; readonly environment_url: string; readonly log_url: string }[]> {
    return this.rest('GET', `/repos/${repository}/deployments/${id}/statuses?per_page=100`);
  }

  /** Calls the REST API. @throws Error with GitHub's message if it is refused */
  rest<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#send(method, `${this.endpoint}${GITHUB_API_PATH}${path}`, body) as Promise<T>;
  }

  async #send(method: string, url: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
