import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { targetsOnDemand } from '../../lib/aws/on-demand';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { decide } from './decide';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.decide.environment);
const access = { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-decide' };
const [functions, others] = [awsTargetFunctions(stsClient(), access), targetsOnDemand(stsClient(), access)];

export const handler = workerHandler(
  decide({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: (target) => ({ ...others(target), ...functions(target) }),
    log: new Logger({ serviceName: 'decide' }),
  }),
);
