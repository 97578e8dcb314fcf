import { codeCommitClient } from '../../lib/aws/clients/codecommit';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { codeCommitSource } from '../../lib/aws/codecommit-source';
import { dynamoReleases } from '../../lib/aws/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/dynamo-service-states';
import { readEnv } from '../../lib/config/environment';
import { PLAN_ENV } from './env';
import { plan } from './plan';

const env = readEnv(PLAN_ENV);
const dynamoDb = dynamoDbClient();

export const handler = plan({
  source: codeCommitSource(codeCommitClient()),
  states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  now: () => new Date().toISOString(),
});
