import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetFunctions } from '../../lib/aws/aws-target-functions';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { stsClient } from '../../lib/aws/clients/sts';
import { dynamoReleases } from '../../lib/aws/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/dynamo-stages';
import { eventsOnDemand } from '../../lib/aws/on-demand';
import { s3Artifacts } from '../../lib/aws/s3-artifacts';
import { ssmApps } from '../../lib/aws/ssm-apps';
import { stepFunctionsExecutions } from '../../lib/aws/step-functions-executions';
import { readEnv } from '../../lib/config/environment';
import { ROLLBACK_ENV } from './env';
import { rollback } from './rollback';

const env = readEnv(ROLLBACK_ENV);
const dynamoDb = dynamoDbClient();

export const handler = rollback({
  apps: ssmApps(ssmClient()),
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  stages: dynamoStages(dynamoDb, env.STATE_TABLE),
  states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetFunctions(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-rollback' }),
  executions: stepFunctionsExecutions(stepFunctionsClient(), env.RELEASE_STATE_MACHINE),
  events: eventsOnDemand(),
  log: new Logger({ serviceName: 'rollback' }),
  now: Date.now,
  random: () => randomBytes(10),
});
