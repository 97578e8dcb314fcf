import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { ReleaseId } from '../../lib/core/contracts/release';
import type { EnvironmentRemover } from '../../lib/ports/environments';
import type { Releases } from '../../lib/ports/releases';
import type { Stages } from '../../lib/ports/stages';

export interface ForgetStagePorts {
  readonly releases: Pick<Releases, 'queue'>;
  readonly stages: Pick<Stages, 'forget'>;
  readonly environments: EnvironmentRemover;
}

/** A made stage, and the release that has removed all of it; none if nothing was ever released there. */
export type RemovedStage = Pick<MadeStage, 'app' | 'stage'> & { readonly template?: string; readonly id?: ReleaseId };

/**
 * Forgets a made stage that was removed, with its own variables, unless it is wanted again: a newer release waits or
 * has begun there, or its pull request was reopened.
 */
export async function forgetStage(
  { releases, stages, environments }: ForgetStagePorts,
  removed: RemovedStage,
): Promise<void> {
  const { waiting, last } = await releases.queue(removed);
  if (waiting || last !== removed.id) return;
  if ((await stages.forget(removed)) === 'forgotten') await environments.remove(removed);
}
