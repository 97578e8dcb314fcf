import type { z } from 'zod';
import { type BuildStarted, ServiceReleaseInput } from '../../lib/core/payloads';
import type { Builds } from '../../lib/ports/builds';
import type { Source } from '../../lib/ports/source';

export interface StartBuildPorts {
  readonly source: Source;
  readonly builds: Builds;
  readonly artifactBucket: string;
}

/** Starts packaging one service; run twice it answers the same build. */
export const startBuild =
  ({ source, builds, artifactBucket }: StartBuildPorts) =>
  async (event: unknown): Promise<z.infer<typeof BuildStarted>> => {
    const { release, service } = ServiceReleaseInput.parse(event);
    const buildId = await builds.start({
      releaseId: release.id,
      app: release.app,
      stage: release.stage,
      service: service.path,
      commit: release.commit,
      branch: release.branch,
      cloneUrl: await source.cloneUrl(release.repository),
      region: release.target.region,
      artifactBucket,
    });
    return { buildId };
  };
