import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { dynamoReconciliations } from '../../lib/aws/dynamo-reconciliations';
import { dynamoReleases } from '../../lib/aws/dynamo-releases';
import { dynamoStages } from '../../lib/aws/dynamo-stages';
import { eventsOnDemand } from '../../lib/aws/on-demand';
import { sources } from '../../lib/aws/sources';
import { ssmApps } from '../../lib/aws/ssm-apps';
import { stepFunctionsExecutions } from '../../lib/aws/step-functions-executions';
import { readEnv } from '../../lib/config/environment';
import { TRIGGER_ENV } from './env';
import { reconcile } from './reconcile';

const env = readEnv(TRIGGER_ENV);
const dynamoDb = dynamoDbClient();

export const handler = reconcile({
  apps: ssmApps(ssmClient()),
  source: sources(),
  reconciliations: dynamoReconciliations(dynamoDb, env.STATE_TABLE),
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  stages: dynamoStages(dynamoDb, env.STATE_TABLE),
  executions: stepFunctionsExecutions(stepFunctionsClient(), env.RELEASE_STATE_MACHINE),
  events: eventsOnDemand(),
  log: new Logger({ serviceName: 'reconcile' }),
  now: Date.now,
  random: () => randomBytes(10),
});
