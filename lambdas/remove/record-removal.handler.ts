import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { recordRemoval } from './record-removal';
import { REMOVAL_WORKERS } from './workers';

const { STATE_TABLE } = readEnv(REMOVAL_WORKERS.recordRemoval.environment);

export const handler = workerHandler(
  recordRemoval({
    states: dynamoServiceStates(dynamoDbClient(), STATE_TABLE),
    now: Date.now,
  }),
);
