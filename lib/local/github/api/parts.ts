import type { ReportUnforeseen } from '../../calls/unforeseen';
import type { Clock } from '../../processes/clock';
import type { Accounts } from '../access/accounts';
import type { Apps } from '../access/apps';
import type { ContentLimit } from '../access/content-limit';
import type { RateLimit } from '../access/rate-limit';
import type { Tokens } from '../access/tokens';
import type { PullRequests } from '../changes/pull-requests';
import type { Pushes } from '../changes/pushes';
import type { Deployments } from '../deployments/deployments';
import type { Statuses } from '../deployments/statuses';
import type { Limits } from '../http/limits';
import type { Comments } from '../pulls/comments';
import type { BranchRules } from '../repositories/branch-rules';
import type { Lag } from '../repositories/lag';
import type { Repositories } from '../repositories/repositories';
import type { Hooks } from '../webhooks/hooks';
import type { Webhooks } from '../webhooks/webhooks';

/** What the API's routes work with. */
export interface GitHubParts {
  /** The gateway's. */
  readonly endpoint: string;
  readonly clock: Clock;
  /** Told of errors that nobody foresaw. */
  readonly report: ReportUnforeseen;
  readonly limits: Limits;
  readonly accounts: Accounts;
  readonly apps: Apps;
  readonly tokens: Tokens;
  /** Those that hold unless a test makes them smaller. */
  readonly usualLimits: Readonly<Limits>;
  readonly rateLimit: RateLimit;
  readonly contentLimit: ContentLimit;
  readonly repositories: Repositories;
  readonly lag: Lag;
  readonly branchRules: BranchRules;
  readonly hooks: Hooks;
  readonly webhooks: Webhooks;
  readonly pushes: Pushes;
  readonly pulls: PullRequests;
  readonly comments: Comments;
  readonly statuses: Statuses;
  readonly deployments: Deployments;
}
