import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { callBudget } from '../../lib/aws/target/call-budget';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { prepareFunctions } from './prepare-functions';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.prepareFunctions.environment);
const log = new Logger({ serviceName: 'prepare-functions' });

export const handler = workerHandler(
  prepareFunctions({
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetFunctions(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-prepare-functions',
      fence: releaseFence(env.STATE_TABLE),
      budget: callBudget(env.CALLS_TABLE, log),
      // A worker that waits costs as much as one that works.
      pace: { waitsFor: 3_000 },
    }),
    pace: SYSTEM_CLOCK,
  }),
);
