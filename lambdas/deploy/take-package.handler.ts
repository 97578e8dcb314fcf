import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { takePackage } from './take-package';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.takePackage.environment);

export const handler = workerHandler(
  takePackage({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  }),
);
