import type { ReleaseKey } from '../../lib/core/contracts/release';
import type { BuildRecord } from '../../lib/core/contracts/state';
import { mapBounded } from '../../lib/core/map-bounded';
import type { Builds } from '../../lib/ports/builds';
import type { Log } from '../../lib/ports/log';
import type { ReleaseBuilds } from '../../lib/ports/release-builds';

export interface StopBuildsPorts {
  readonly releaseBuilds: Pick<ReleaseBuilds, 'list'>;
  readonly builds: Pick<Builds, 'stop'>;
  readonly log: Log;
}

/** Builds that are stopped side by side. */
const AT_ONCE = 10;

/**
 * Stops the builds of a release that nobody waits for any more. A build that cannot be stopped ends by itself and does
 * no harm: what it packages is never deployed.
 *
 * @param isOrphan whether nobody waits for a build
 * @param before builds that were stopped already
 * @returns all builds that were stopped, those before included
 */
export async function stopBuilds(
  { releaseBuilds, builds, log }: StopBuildsPorts,
  release: ReleaseKey,
  isOrphan: (build: BuildRecord) => boolean,
  before: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const orphans = (await releaseBuilds.list(release)).filter((build) => isOrphan(build) && !before.has(build.buildId));
  await mapBounded(orphans, AT_ONCE, async ({ buildId, path, task }) => {
    try {
      await builds.stop(buildId);
    } catch (error) {
      log.warn('a build could not be stopped', { releaseId: release.id, service: path, task, buildId, error });
    }
  });
  return new Set([...before, ...orphans.map(({ buildId }) => buildId)]);
}
