import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetFunctions } from '../../lib/aws/aws-target-functions';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoServiceStates } from '../../lib/aws/dynamo-service-states';
import { releasePorts } from '../../lib/aws/release-ports';
import { s3Artifacts } from '../../lib/aws/s3-artifacts';
import { readEnv } from '../../lib/config/environment';
import { ROLLBACK_ENV } from './env';
import { rollback } from './rollback';

const env = readEnv(ROLLBACK_ENV);
const dynamoDb = dynamoDbClient();

export const handler = rollback({
  ...releasePorts(env, dynamoDb),
  states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetFunctions(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-rollback' }),
  log: new Logger({ serviceName: 'rollback' }),
});
