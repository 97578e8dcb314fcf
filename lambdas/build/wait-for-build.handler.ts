import { codeBuildBuilds } from '../../lib/aws/builds/codebuild-builds';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { s3Client } from '../../lib/aws/clients/s3';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { waitForBuild } from './wait-for-build';
import { BUILD_WORKERS } from './workers';

const env = readEnv(BUILD_WORKERS.waitForBuild.environment);

export const handler = workerHandler(
  waitForBuild({
    builds: codeBuildBuilds(codeBuildClient()),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    pace: SYSTEM_CLOCK,
  }),
);
