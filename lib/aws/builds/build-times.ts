import type { BuildPhase } from '@aws-sdk/client-codebuild';
import type { BuildPart, BuildTimes } from '../../core/contracts/build-times';

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BuildPhase.html; `BUILD` is the packager's to tell. */
const PARTS: Readonly<Record<string, BuildPart>> = {
  QUEUED: 'queued',
  PROVISIONING: 'provisioning',
  DOWNLOAD_SOURCE: 'source',
  INSTALL: 'runtime',
  PRE_BUILD: 'runtime',
  UPLOAD_ARTIFACTS: 'finalizing',
  FINALIZING: 'finalizing',
};

/** @returns what CodeBuild tells of the parts of a build that has ended, by its own clock */
export function phaseTimes(phases: readonly BuildPhase[] = []): BuildTimes {
  const times: BuildTimes = {};
  for (const { phaseType = '', startTime, endTime, durationInSeconds = 0 } of phases) {
    const part = PARTS[phaseType];
    if (part === undefined) continue;
    const took = startTime && endTime ? endTime.getTime() - startTime.getTime() : durationInSeconds * 1000;
    times[part] = (times[part] ?? 0) + Math.max(0, took);
  }
  return times;
}
