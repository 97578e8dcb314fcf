import type { Accounts } from './accounts';
import type { Apps } from './apps';
import type { Comments } from './comments';
import type { Deployments } from './deployments';
import type { Hooks } from './hooks';
import type { Limits } from './limits';
import type { PullRequests } from './pull-requests';
import type { Pushes } from './pushes';
import type { RateLimit } from './rate-limit';
import type { Repositories } from './repositories';
import type { Statuses } from './statuses';
import type { Tokens } from './tokens';
import type { Webhooks } from './webhooks';

/** What the operations of the API work with. */
export interface GitHubParts {
  /** Of the gateway. */
  readonly endpoint: string;
  readonly now: () => number;
  readonly limits: Limits;
  readonly accounts: Accounts;
  readonly apps: Apps;
  readonly tokens: Tokens;
  readonly rateLimit: RateLimit;
  readonly repositories: Repositories;
  readonly hooks: Hooks;
  readonly webhooks: Webhooks;
  readonly pushes: Pushes;
  readonly pulls: PullRequests;
  readonly comments: Comments;
  readonly statuses: Statuses;
  readonly deployments: Deployments;
}
