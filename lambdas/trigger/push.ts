import * as z from 'zod';
import { ReleaseError } from '../../lib/core/errors';
import { stagesOfBranch } from '../../lib/core/map-ref';
import type { StartReleaseOutput } from '../../lib/core/payloads';
import type { Repository } from '../../lib/core/release';
import type { IgnoredPush } from '../../lib/core/state';
import type { Apps } from '../../lib/ports/apps';
import type { Source } from '../../lib/ports/source';
import { readHead, type StartReleasePorts, startRelease } from './start-release';

/** https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html */
const RepositoryEvent = z.object({
  id: z.string(),
  time: z.string(),
  'detail-type': z.literal('CodeCommit Repository State Change'),
  detail: z.object({
    event: z.enum(['referenceCreated', 'referenceUpdated', 'referenceDeleted']),
    repositoryName: z.string(),
    referenceType: z.string(),
    referenceName: z.string(),
    callerUserArn: z.string().optional(),
  }),
});

export interface PushPorts extends StartReleasePorts {
  readonly apps: Apps;
  readonly source: Source;
}

export type PushResult = { readonly started: readonly StartReleaseOutput[] } | { readonly ignored: string };

/** Starts a release of each stage that deploys the pushed branch, or keeps why there is none. */
export const push =
  (ports: PushPorts) =>
  async (event: unknown): Promise<PushResult> => {
    const { id, time, detail } = RepositoryEvent.parse(event);
    if (detail.referenceType !== 'branch') return { ignored: `a ${detail.referenceType} was pushed, not a branch` };
    if (detail.event === 'referenceDeleted') return { ignored: `branch "${detail.referenceName}" was deleted` };

    const repository: Repository = { provider: 'codecommit', name: detail.repositoryName };
    const branch = detail.referenceName;
    const ignore = async (code: IgnoredPush['reason']['code'], message: string, app?: string): Promise<PushResult> => {
      const at = new Date(time).toISOString();
      await ports.releases.recordIgnored({ app, repository, branch, at, eventId: id, reason: { code, message } });
      return { ignored: message };
    };

    const config = await ports.apps.findByRepository(repository);
    if (!config) return ignore('repository-not-connected', `no app is connected to repository "${repository.name}"`);
    const mapping = stagesOfBranch(config, branch);
    if ('ignored' in mapping) return ignore(mapping.ignored.code, mapping.ignored.message, config.app);

    const starts = await Promise.allSettled(
      mapping.stages.map(({ stage }) =>
        startRelease(ports, {
          ...{ config, stage, branch, force: false },
          // The head as it is now, not the event's commit: events come late, twice and out of order.
          subject: async () => ({ commit: await readHead(ports.source, repository, branch) }),
          trigger: { type: 'push', id: `${id}/${stage}`, by: detail.callerUserArn },
        }),
      ),
    );
    const failed = starts.find((start) => start.status === 'rejected')?.reason;
    if (failed instanceof ReleaseError && failed.code === 'BranchNotFound') {
      return ignore('branch-deleted', `branch "${branch}" was deleted after the push`, config.app);
    }
    if (failed) throw failed;
    return { started: starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : [])) };
  };
