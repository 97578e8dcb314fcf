import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetBuckets } from '../../lib/aws/target/aws-target-buckets';
import { readEnv } from '../../lib/config/environment';
import { REAL_PACE } from '../../lib/release/poll-until';
import { emptyBuckets } from './empty-buckets';
import { EMPTY_BUCKETS_ENV } from './env';

const { ARTIFACT_BUCKET } = readEnv(EMPTY_BUCKETS_ENV);

export const handler = emptyBuckets({
  target: awsTargetBuckets(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-empty-buckets' }),
  pace: REAL_PACE,
  log: new Logger({ serviceName: 'empty-buckets' }),
});
