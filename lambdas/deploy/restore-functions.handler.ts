import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetFunctions } from '../../lib/aws/aws-target-functions';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoServiceStates } from '../../lib/aws/dynamo-service-states';
import { s3Artifacts } from '../../lib/aws/s3-artifacts';
import { readEnv } from '../../lib/config/environment';
import { RESTORE_FUNCTIONS_ENV } from './env';
import { restoreFunctions } from './restore-functions';

const env = readEnv(RESTORE_FUNCTIONS_ENV);

export const handler = restoreFunctions({
  states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetFunctions(stsClient(), {
    artifactBucket: env.ARTIFACT_BUCKET,
    session: 'seedbed-restore-functions',
  }),
  log: new Logger({ serviceName: 'restore-functions' }),
});
