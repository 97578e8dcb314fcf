import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetResources } from '../../lib/aws/target/aws-target-resources';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { readFunctions } from './read-functions';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.readFunctions.environment);

export const handler = workerHandler(
  readFunctions({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetResources(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-read-functions' }),
  }),
);
