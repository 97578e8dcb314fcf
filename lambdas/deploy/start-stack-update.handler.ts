import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetResources } from '../../lib/aws/target/aws-target-resources';
import { callBudget } from '../../lib/aws/target/call-budget';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { startStackUpdate } from './start-stack-update';
import { DEPLOY_WORKERS } from './workers';

const { STATE_TABLE, ARTIFACT_BUCKET, CALLS_TABLE } = readEnv(DEPLOY_WORKERS.startStackUpdate.environment);
const log = new Logger({ serviceName: 'start-stack-update' });

export const handler = workerHandler(
  startStackUpdate({
    states: dynamoServiceStates(dynamoDbClient(), STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), ARTIFACT_BUCKET),
    artifactBucket: ARTIFACT_BUCKET,
    target: awsTargetResources(stsClient(), {
      artifactBucket: ARTIFACT_BUCKET,
      session: 'seedbed-start-stack-update',
      fence: releaseFence(STATE_TABLE),
      budget: callBudget(CALLS_TABLE, log),
    }),
    pace: SYSTEM_CLOCK,
    log,
  }),
);
