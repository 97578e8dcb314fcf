import * as z from 'zod';
import { Name, Repository } from '../contracts/release';

/** Source and detail type of the event that tells that a commit, which was pushed, is not released. */
export const IGNORED_EVENT = { source: 'seedbed', detailType: 'Push Ignored' } as const;

/** Its detail. */
export const IgnoredEvent = z.object({
  app: Name,
  repository: Repository,
  /** The head of the branch or pull request. */
  commit: z.string(),
  /** Why, for people. */
  reason: z.string(),
});
export type IgnoredEvent = z.infer<typeof IgnoredEvent>;
