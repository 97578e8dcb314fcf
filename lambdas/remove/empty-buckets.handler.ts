import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetBuckets } from '../../lib/aws/target/aws-target-buckets';
import { readEnv } from '../../lib/config/environment';
import { emptyBuckets } from './empty-buckets';
import { EMPTY_BUCKETS_ENV } from './env';

const { ARTIFACT_BUCKET } = readEnv(EMPTY_BUCKETS_ENV);

export const handler = emptyBuckets({
  target: awsTargetBuckets(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-empty-buckets' }),
  pace: SYSTEM_CLOCK,
  log: new Logger({ serviceName: 'empty-buckets' }),
});
