import type { Release } from '../../lib/core/release';
import { environmentPath } from '../../lib/core/stage-environment';
import type { EnvironmentRemover } from '../../lib/ports/environment-remover';
import type { Releases } from '../../lib/ports/releases';
import type { Stages } from '../../lib/ports/stages';

export interface ForgetStagePorts {
  readonly releases: Pick<Releases, 'queue'>;
  readonly stages: Pick<Stages, 'forget'>;
  readonly environments: EnvironmentRemover;
}

/**
 * Forgets a made stage whose removal has succeeded, with the variables that were its own, unless it is wanted again: a newer
 * release waits or has begun there, or its pull request was reopened.
 */
export async function forgetStage(
  { releases, stages, environments }: ForgetStagePorts,
  release: Release,
): Promise<void> {
  const { waiting, last } = await releases.queue(release);
  if (waiting || (last !== undefined && last !== release.id)) return;
  if ((await stages.forget(release)) === 'forgotten') await environments.remove(environmentPath(release));
}
