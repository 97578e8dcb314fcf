import type { Route } from './call';
import type { GitHubParts } from './parts';

/** How many calls are left, as in GitHub's REST API; asking is free. */
export const rateLimitRoutes = ({ rateLimit }: GitHubParts): readonly Route[] => [
  {
    route: 'GET /rate_limit',
    respond: ({ caller }) => {
      const core = rateLimit.state(caller);
      return { resources: { core }, rate: core };
    },
  },
];
