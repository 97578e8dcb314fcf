import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { record } from './record';
import { RECORD_WORKERS } from './workers';

const env = readEnv(RECORD_WORKERS.record.environment);

export const handler = workerHandler(
  record({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetStacks(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-record' }),
    now: Date.now,
  }),
);
