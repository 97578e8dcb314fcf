import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { artifactsOnDemand } from '../../lib/aws/on-demand';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { readEnv } from '../../lib/config/environment';
import { RECORD_FAILURE_ENV } from './env';
import { recordFailure } from './record-failure';

const env = readEnv(RECORD_FAILURE_ENV);

export const handler = recordFailure({
  states: dynamoServiceStates(dynamoDbClient(), env.STATE_TABLE),
  artifacts: artifactsOnDemand(env.ARTIFACT_BUCKET),
  now: Date.now,
});
