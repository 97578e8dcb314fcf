import type { z } from 'zod';
import { type ErrorCode, isErrorCode, ReleaseError, retryableCodes } from '../../lib/core/contracts/errors';
import { buildErrorKey } from '../../lib/core/contracts/keys';
import { WaitForBuildInput, type WaitForBuildOutput } from '../../lib/core/contracts/payloads';
import { StepError } from '../../lib/core/contracts/state';
import type { Artifacts } from '../../lib/ports/artifacts';
import type { Builds } from '../../lib/ports/builds';
import type { Clock } from '../../lib/ports/clock';
import { pollUntil } from '../../lib/release/poll-until';

export interface WaitForBuildPorts {
  readonly builds: Builds;
  readonly artifacts: Artifacts;
  readonly pace: Clock;
}

/**
 * Waits for a build for most of a minute.
 *
 * @throws ReleaseError as the packager left it in the artifact repository; if it left none, because the build was
 * killed or never got that far, what CodeBuild says
 */
export const waitForBuild =
  ({ builds, artifacts, pace }: WaitForBuildPorts) =>
  async (event: unknown): Promise<z.infer<typeof WaitForBuildOutput>> => {
    const { release, service, task, buildId } = WaitForBuildInput.parse(event);
    const build = await pollUntil(pace, async () => {
      const seen = await builds.status(buildId);
      return seen.status === 'running' ? undefined : seen;
    });
    if (!build) return { status: 'running' };
    if (build.status === 'succeeded') return { status: 'done', times: build.times };

    const left = await artifacts.readJson(buildErrorKey(release.app, service.path, release.id, task), StepError);
    if (left && isErrorCode(left.code)) throw new ReleaseError(forGood(left.code), left.message);
    const what = task === 'package' ? service.path : `${task} for ${service.path}`;
    const why = left?.message ?? build.message;
    const where = build.logs ? `; its log: ${build.logs}` : '';
    throw new ReleaseError(ENDS[build.status], `build ${buildId} of ${what} ${why}${where}`);
  };

/** A build that has ended stays ended: waiting for it again, as the state machine would, cannot help. */
const forGood = (code: ErrorCode): ErrorCode => (retryableCodes().includes(code) ? 'BuildFailed' : code);

const ENDS = {
  failed: 'BuildFailed',
  'timed-out': 'BuildTimedOut',
  stopped: 'BuildStopped',
} as const satisfies Record<string, ErrorCode>;
