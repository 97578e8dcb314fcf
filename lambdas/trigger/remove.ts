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
 * Removes a stage that a person or a program asked to remove: a made one goes altogether; of a configured one goes what is
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
      `nothing was ever released to stage "${stage}" of app "${app}": there is nothing to remove`,
    );
  };
