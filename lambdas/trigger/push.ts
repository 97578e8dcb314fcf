import * as z from 'zod';
import type { Repository } from '../../lib/core/contracts/release';
import { hintOf, NOTHING } from '../../lib/core/trigger/event-hint';
import type { Apps } from '../../lib/ports/apps';
import { findReplaced } from '../../lib/release/queue/same-repository';
import {
  ignoreReplaced,
  ignoreUnconnected,
  type Outcome,
  type ReleaseRefPorts,
  releaseBranch,
  releaseTag,
} from './release-ref';

/** https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html */
export const RepositoryEvent = z.object({
  id: z.string(),
  time: z.string(),
  'detail-type': z.literal('CodeCommit Repository State Change'),
  detail: z.object({
    event: z.enum(['referenceCreated', 'referenceUpdated', 'referenceDeleted']),
    repositoryName: z.string(),
    repositoryId: z.string().optional(),
    referenceType: z.string(),
    referenceName: z.string(),
    callerUserArn: z.string().optional(),
    commitId: z.string().optional(),
    oldCommitId: z.string().optional(),
  }),
});

export interface PushPorts extends ReleaseRefPorts {
  readonly apps: Apps;
}

/**
 * Starts a release to each stage that deploys the pushed branch or tag, or stores why there is none. The event is only
 * a reason to look: events come late, twice and out of order.
 */
export const push =
  (ports: PushPorts) =>
  async (event: unknown): Promise<readonly Outcome[]> => {
    const { id, time, detail } = RepositoryEvent.parse(event);
    const { referenceType, referenceName, callerUserArn } = detail;
    const cause = { id, by: callerUserArn, at: new Date(time).toISOString() };

    const repository: Repository = { provider: 'codecommit', name: detail.repositoryName };
    const config = await ports.apps.findByRepository(repository);
    if (!config) return [await ignoreUnconnected(ports, { repository, name: referenceName, cause })];
    const { repositoryId } = detail;
    const replaced = repositoryId === undefined ? undefined : await findReplaced(ports, config, repositoryId);
    if (replaced !== undefined) {
      return [await ignoreReplaced(ports, { config, name: referenceName, cause }, replaced)];
    }
    const hint = hintOf(detail.oldCommitId, detail.event === 'referenceDeleted' ? NOTHING : detail.commitId);
    if (referenceType === 'branch') return releaseBranch(ports, { config, branch: referenceName, cause, hint });
    if (referenceType === 'tag') return releaseTag(ports, { config, tag: referenceName, cause, hint });
    return [{ ignored: `a ${referenceType} was pushed, neither a branch nor a tag` }];
  };
