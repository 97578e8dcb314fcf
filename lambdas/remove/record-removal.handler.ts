import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { readEnv } from '../../lib/config/environment';
import { RECORD_REMOVAL_ENV } from './env';
import { recordRemoval } from './record-removal';

const { STATE_TABLE } = readEnv(RECORD_REMOVAL_ENV);

export const handler = recordRemoval({
  states: dynamoServiceStates(dynamoDbClient(), STATE_TABLE),
  now: Date.now,
});
