import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { callBudget } from '../../lib/aws/target/call-budget';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { putCodeBack } from './put-code-back';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.putCodeBack.environment);
const log = new Logger({ serviceName: 'put-code-back' });

export const handler = workerHandler(
  putCodeBack({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetFunctions(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-put-code-back',
      fence: releaseFence(env.STATE_TABLE),
      budget: callBudget(env.CALLS_TABLE, log),
    }),
    log,
  }),
);
