import type { z } from 'zod';
import { type ErrorCode, isErrorCode, ReleaseError, retryableCodes } from '../../core/contracts/errors';
import { buildErrorKey } from '../../core/contracts/keys';
import type { WaitForBuildInput, WaitForBuildOutput } from '../../core/contracts/payloads';
import type { Release } from '../../core/contracts/release';
import { StepError } from '../../core/contracts/state';
import { boundText } from '../../core/text/bound-text';
import type { Artifacts } from '../../ports/artifacts';
import type { BuildStatus } from '../../ports/builds';

/** Characters of a build's error: what a build stored is whatever that build ran. */
const LONGEST_MESSAGE = 15_000;

/** A build of a release, for packaging a service or running one of its hooks. */
export type BuildJob = Pick<z.infer<typeof WaitForBuildInput>, 'task' | 'buildId'> & {
  readonly release: Pick<Release, 'app' | 'stage' | 'template' | 'id'>;
  readonly service: { readonly path: string };
};

/**
 * What a build has come to, given how it stands.
 *
 * @throws ReleaseError as the packager left it in the artifact repository; if it left none, because the build was
 * killed or never got that far, what CodeBuild says
 */
export async function endOfBuild(
  artifacts: Pick<Artifacts, 'readJson'>,
  { release, service, task, buildId }: BuildJob,
  build: BuildStatus,
): Promise<z.infer<typeof WaitForBuildOutput>> {
  if (build.status === 'running') return { status: 'running' };
  if (build.status === 'succeeded') return { status: 'done', times: build.times };

  const left = await artifacts.readJson(buildErrorKey(release, service.path, release.id, task), StepError);
  if (left && isErrorCode(left.code))
    throw new ReleaseError(forGood(left.code), boundText(left.message, LONGEST_MESSAGE));
  const what = task === 'package' ? service.path : `${task} for ${service.path}`;
  const why = boundText(left?.message ?? build.message, LONGEST_MESSAGE);
  const where = build.logs ? `; its log: ${build.logs}` : '';
  throw new ReleaseError(ENDS[build.status], `build ${buildId} of ${what} ${why}${where}`);
}

/** A build that has ended stays ended: waiting for it again, as the state machine would, cannot help. */
const forGood = (code: ErrorCode): ErrorCode => (retryableCodes().includes(code) ? 'BuildFailed' : code);

const ENDS = {
  failed: 'BuildFailed',
  'timed-out': 'BuildTimedOut',
  stopped: 'BuildStopped',
} as const satisfies Record<string, ErrorCode>;
