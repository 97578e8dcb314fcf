import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { stsClient } from '../../lib/aws/clients/sts';
import { artifactsOnDemand } from '../../lib/aws/on-demand';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { readEnv } from '../../lib/config/environment';
import { PREPARE_REMOVAL_ENV } from './env';
import { prepareRemoval } from './prepare-removal';

const { STATE_TABLE, ARTIFACT_BUCKET } = readEnv(PREPARE_REMOVAL_ENV);

export const handler = prepareRemoval({
  states: dynamoServiceStates(dynamoDbClient(), STATE_TABLE),
  artifacts: artifactsOnDemand(ARTIFACT_BUCKET),
  target: awsTargetStacks(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-prepare-removal' }),
  log: new Logger({ serviceName: 'prepare-removal' }),
});
