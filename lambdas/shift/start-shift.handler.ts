import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetPorts } from '../../lib/aws/target/aws-target-ports';
import { callBudget } from '../../lib/aws/target/call-budget';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { startShift } from './start-shift';
import { SHIFT_WORKERS } from './workers';

const env = readEnv(SHIFT_WORKERS.startShift.environment);
const log = new Logger({ serviceName: 'start-shift' });

export const handler = workerHandler(
  startShift({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetPorts(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-start-shift',
      fence: releaseFence(env.STATE_TABLE),
      budget: callBudget(env.CALLS_TABLE, log),
    }),
    log,
    now: Date.now,
  }),
);
