import type { Accounts } from './access/accounts';
import type { Apps } from './access/apps';
import type { RateLimit } from './access/rate-limit';
import type { Tokens } from './access/tokens';
import type { Deployments } from './deployments/deployments';
import type { Statuses } from './deployments/statuses';
import type { Limits } from './limits';
import type { Comments } from './pulls/comments';
import type { PullRequests } from './pulls/pull-requests';
import type { BranchRules } from './repositories/branch-rules';
import type { Pushes } from './repositories/pushes';
import type { Repositories } from './repositories/repositories';
import type { Hooks } from './webhooks/hooks';
import type { Webhooks } from './webhooks/webhooks';

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
  readonly branchRules: BranchRules;
  readonly hooks: Hooks;
  readonly webhooks: Webhooks;
  readonly pushes: Pushes;
  readonly pulls: PullRequests;
  readonly comments: Comments;
  readonly statuses: Statuses;
  readonly deployments: Deployments;
}
