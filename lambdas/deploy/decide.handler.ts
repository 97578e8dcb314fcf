import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetFunctions } from '../../lib/aws/aws-target-functions';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoServiceStates } from '../../lib/aws/dynamo-service-states';
import { targetsOnDemand } from '../../lib/aws/on-demand';
import { s3Artifacts } from '../../lib/aws/s3-artifacts';
import { readEnv } from '../../lib/config/environment';
import { decide } from './decide';
import { DECIDE_ENV } from './env';

const env = readEnv(DECIDE_ENV);
const access = { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-decide' };
const [functions, others] = [awsTargetFunctions(stsClient(), access), targetsOnDemand(stsClient(), access)];

export const handler = decide({
  states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: (target) => ({ ...others(target), ...functions(target) }),
  log: new Logger({ serviceName: 'decide' }),
});
