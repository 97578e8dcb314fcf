import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { artifactsOnDemand } from '../../lib/aws/on-demand';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { recordFailure } from './record-failure';
import { RECORD_WORKERS } from './workers';

const env = readEnv(RECORD_WORKERS.recordFailure.environment);

export const handler = workerHandler(
  recordFailure({
    states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
    artifacts: artifactsOnDemand(env.ARTIFACT_BUCKET),
    now: Date.now,
  }),
);
