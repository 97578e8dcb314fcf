import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetBuckets } from '../../lib/aws/target/aws-target-buckets';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { emptyBuckets } from './empty-buckets';
import { REMOVAL_WORKERS } from './workers';

const { STATE_TABLE, ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.emptyBuckets.environment);

export const handler = workerHandler(
  emptyBuckets({
    target: awsTargetBuckets(stsClient(), {
      artifactBucket: ARTIFACT_BUCKET,
      session: 'seedbed-empty-buckets',
      fence: releaseFence(STATE_TABLE),
    }),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'empty-buckets' }),
  }),
);
