import type { z } from 'zod';
import { WaitForBuildInput, type WaitForBuildOutput } from '../../lib/core/contracts/payloads';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Builds } from '../../lib/ports/builds';
import type { Clock } from '../../lib/ports/clock';
import { pollUntil } from '../../lib/release/poll-until';
import { endOfBuild } from '../../lib/release/waiting/end-of-build';

export interface WaitForBuildPorts {
  readonly builds: Pick<Builds, 'statuses'>;
  readonly artifacts: Pick<Artifacts, 'readJson'>;
  readonly pace: Clock;
}

/** Waits for a build for most of a minute. @throws ReleaseError if the build failed, see {@link endOfBuild} */
export const waitForBuild =
  ({ builds, artifacts, pace }: WaitForBuildPorts) =>
  async (event: unknown): Promise<z.infer<typeof WaitForBuildOutput>> => {
    const job = WaitForBuildInput.parse(event);
    const end = await pollUntil(pace, async () => {
      const statuses = await builds.statuses([job.buildId]);
      const seen = await endOfBuild(artifacts, job, statuses.get(job.buildId)!);
      return seen.status === 'running' ? undefined : seen;
    });
    return end ?? { status: 'running' };
  };
