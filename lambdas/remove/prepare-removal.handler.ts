import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { stsClient } from '../../lib/aws/clients/sts';
import { artifactsOnDemand } from '../../lib/aws/on-demand';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { prepareRemoval } from './prepare-removal';
import { REMOVAL_WORKERS } from './workers';

const { STATE_TABLE, ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.prepareRemoval.environment);

export const handler = workerHandler(
  prepareRemoval({
    states: dynamoServiceStates(dynamoDbClient(), STATE_TABLE),
    artifacts: artifactsOnDemand(ARTIFACT_BUCKET),
    target: awsTargetStacks(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-prepare-removal' }),
    log: new Logger({ serviceName: 'prepare-removal' }),
  }),
);
