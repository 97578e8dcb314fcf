import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, readJson } from '../calls/read-body';
import { logUnforeseen, type ReportUnforeseen } from '../calls/unforeseen';
import type { PathHandler } from '../gateway/gateway';
import { readMoved } from '../git/moved-references';
import { type Clock, SYSTEM_CLOCK } from '../processes/clock';
import { Accounts } from './access/accounts';
import { Apps } from './access/apps';
import { ContentLimit } from './access/content-limit';
import { RateLimit } from './access/rate-limit';
import { Tokens } from './access/tokens';
import { branchRoutes } from './api/branch-routes';
import { callerRoutes, repositoryInstallationRoutes } from './api/caller-routes';
import { commentRoutes } from './api/comment-routes';
import { contentsRoutes } from './api/contents-routes';
import { deploymentRoutes } from './api/deployment-routes';
import { gitRoutes } from './api/git-routes';
import { answerGit } from './api/git-server';
import { hookRoutes } from './api/hook-routes';
import type { GitHubParts } from './api/parts';
import { protectionRoutes } from './api/protection-routes';
import { pullRoutes } from './api/pull-routes';
import { newRepositoryRoute, repositoryRoutes } from './api/repository-routes';
import { RestApi } from './api/rest-api';
import { statusRoutes } from './api/status-routes';
import { PullRequests } from './changes/pull-requests';
import { Pushes } from './changes/pushes';
import { ControlInput, control } from './control';
import { Deployments } from './deployments/deployments';
import { Statuses } from './deployments/statuses';
import { CallCounts } from './http/call-counts';
import { Faults } from './http/faults';
import { LIMITS, type Limits } from './http/limits';
import {
  GITHUB_API_PATH,
  GITHUB_CALLS_PATH,
  GITHUB_CONTROL_PATH,
  GITHUB_GIT_PATH,
  GITHUB_PUSHED_PATH,
} from './http/paths';
import { Comments } from './pulls/comments';
import { BranchRules } from './repositories/branch-rules';
import { Lag } from './repositories/lag';
import { Repositories } from './repositories/repositories';
import { Hooks } from './webhooks/hooks';
import { Webhooks } from './webhooks/webhooks';

export interface GitHubOptions {
  /** Directory for the repositories. */
  readonly root: string;
  /** URL of the server that passes on the requests below {@link GITHUB_PATH}. */
  readonly endpoint: string;
  /** The system's if not given. */
  readonly clock?: Clock;
  /** Told of errors that nobody foresaw; they are answered with a 500. */
  readonly report?: ReportUnforeseen;
  /** Limits other than GitHub's own. */
  readonly limits?: Partial<Limits>;
}

/**
 * The double of GitHub. It speaks GitHub's HTTP, so that GitHub's clients talk to it unchanged. Its state is in memory.
 */
export class GitHub {
  readonly #parts: GitHubParts & { readonly faults: Faults; readonly counts: CallCounts };
  readonly #api: RestApi;

  constructor({ root, endpoint, clock = SYSTEM_CLOCK, report = logUnforeseen, limits = {} }: GitHubOptions) {
    this.#parts = makeParts({ root, endpoint, clock, report, limits });
    this.#api = restApi(this.#parts);
  }

  /** Answers everything below {@link GITHUB_PATH}. */
  readonly answer: PathHandler = async (request, response) => {
    const path = request.url ?? '';
    if (path.startsWith(GITHUB_API_PATH)) await this.#api.serve(request, response);
    else if (path.startsWith(GITHUB_GIT_PATH)) await this.#git(request, response);
    else if (path.startsWith(GITHUB_PUSHED_PATH)) await this.#pushed(request, response);
    else if (path.startsWith(GITHUB_CONTROL_PATH)) await this.#control(request, response);
    else if (path.startsWith(GITHUB_CALLS_PATH)) this.#calls(request, response);
    else response.writeHead(404).end();
  };

  /** Resolves when all webhooks have been answered or have timed out. */
  settled(): Promise<void> {
    return this.#parts.webhooks.settled();
  }

  /** Aborts the webhooks that are under way. */
  stop(): Promise<void> {
    return this.#parts.webhooks.stop();
  }

  async #git(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, counts } = this.#parts;
    const fault = faults.outage('git');
    if (fault) response.writeHead(fault.status, fault.headers).end(String(fault.body));
    const [service, status] = fault ? ['git', fault.status] : await answerGit(this.#parts, request, response);
    counts.note(String(service), Number(status));
  }

  /** Answers the repositories' hook. The path has the repository's id, a header who pushed. */
  async #pushed(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = Number(request.url?.slice(GITHUB_PUSHED_PATH.length));
    const moved = readMoved(await readBody(request));
    await this.#parts.pushes.follow(id, moved, String(request.headers.user));
    response.end();
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const told = ControlInput.safeParse(await readJson(request));
    response.writeHead(told.success ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(told.success ? control(this.#parts, told.data) : { problems: told.error.issues }));
  }

  #calls(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST') this.#parts.counts.reset();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#parts.counts.read()));
  }
}

function makeParts({ root, endpoint, clock, report, limits: figures }: Required<GitHubOptions>) {
  const { now } = clock;
  const usualLimits = { ...LIMITS, ...figures };
  const limits: Limits = { ...usualLimits };
  const faults = new Faults(now);
  const accounts = new Accounts();
  const apps = new Apps();
  const hooks = new Hooks(now);
  const repositories = new Repositories(root, endpoint, now);
  const webhooks = new Webhooks({ hooks, apps, faults, limits, clock, endpoint, report });
  const shown = { accounts, repositories, endpoint };
  const lag = new Lag(now, () => faults.apiLagMs);
  const pulls = new PullRequests({ ...shown, webhooks, lag, now });
  return {
    ...shown,
    clock,
    report,
    limits,
    usualLimits,
    faults,
    apps,
    hooks,
    webhooks,
    lag,
    pulls,
    tokens: new Tokens(apps, now),
    rateLimit: new RateLimit(limits, faults, now),
    contentLimit: new ContentLimit(limits, now),
    counts: new CallCounts(),
    branchRules: new BranchRules(),
    pushes: new Pushes({ ...shown, webhooks, pulls, lag, now }),
    comments: new Comments(now),
    statuses: new Statuses(now),
    deployments: new Deployments(now),
  };
}

/** The first route that matches a path counts, so the more precise ones come first. */
const restApi = (parts: GitHubParts & { readonly faults: Faults; readonly counts: CallCounts }): RestApi =>
  new RestApi(
    parts,
    [...callerRoutes(parts), newRepositoryRoute(parts)],
    [
      ...repositoryInstallationRoutes(parts),
      ...repositoryRoutes(parts),
      ...protectionRoutes(parts),
      ...branchRoutes(parts),
      ...statusRoutes(parts),
      ...gitRoutes(parts),
      ...contentsRoutes(parts),
      ...pullRoutes(parts),
      ...commentRoutes(parts),
      ...deploymentRoutes(parts),
      ...hookRoutes(parts),
    ],
  );
