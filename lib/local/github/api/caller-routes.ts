import { authenticate } from '../access/access';
import { GitHubError } from '../http/answer';
import type { Route } from './call';
import type { GitHubParts } from './parts';

/** What callers ask about themselves, as in GitHub's REST API. */
export const callerRoutes = ({ accounts, rateLimit }: GitHubParts): readonly Route[] => [
  {
    route: 'GET /user',
    respond: ({ caller }) => {
      if (caller.kind === 'anonymous') throw authenticate();
      if (caller.kind !== 'user') throw new GitHubError(403, 'Resource not accessible by integration');
      return accounts.json(caller.login);
    },
  },
  {
    route: 'GET /rate_limit',
    respond: ({ caller }) => {
      const core = rateLimit.state(caller);
      return { resources: { core }, rate: core };
    },
  },
];
