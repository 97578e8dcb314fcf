import { ReleaseError } from '../../lib/core/contracts/errors';
import { RemoveStageInput, type StartReleaseOutput } from '../../lib/core/contracts/payloads';
import { mayEmptyBuckets } from '../../lib/core/trigger/stage-rule';
import type { Apps } from '../../lib/ports/apps';
import { findStage } from '../../lib/release/queue/find-stage';
import { removeStage } from '../../lib/release/queue/remove-stage';
import type { StartReleasePorts } from '../../lib/release/queue/start-release';

export interface RemovePorts extends StartReleasePorts {
  readonly apps: Apps;
}

/**
 * Removes a stage because a person or a program asked for that: a made one altogether, of a configured one what is
 * deployed in it.
 */
export const remove =
  (ports: RemovePorts) =>
  async (event: unknown): Promise<StartReleaseOutput> => {
    const { app, stage, emptyBuckets, requestId, by } = RemoveStageInput.parse(event);
    const { config, made } = await findStage(ports, { app, stage });
    const started = await removeStage(ports, {
      config,
      stage,
      made,
      trigger: { id: requestId, by },
      removal: {
        emptyBuckets: emptyBuckets ?? (made !== undefined && mayEmptyBuckets(config, made)),
        because: 'asked-for',
      },
    });
    if (started) return started;
    throw new ReleaseError(
      'ReleaseNotFound',
      `there is nothing to remove: nothing was ever released to stage "${stage}" of app "${app}"`,
    );
  };
