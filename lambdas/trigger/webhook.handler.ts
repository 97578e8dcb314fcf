import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { dynamoReleases } from '../../lib/aws/dynamo-releases';
import { dynamoStages } from '../../lib/aws/dynamo-stages';
import { gitHubSecret } from '../../lib/aws/github-secret';
import { eventsOnDemand } from '../../lib/aws/on-demand';
import { sources } from '../../lib/aws/sources';
import { ssmApps } from '../../lib/aws/ssm-apps';
import { stepFunctionsExecutions } from '../../lib/aws/step-functions-executions';
import { readEnv, SOURCE_ENV } from '../../lib/config/environment';
import { TRIGGER_ENV } from './env';
import { webhook } from './webhook';

const env = readEnv([...TRIGGER_ENV, ...SOURCE_ENV]);
const dynamoDb = dynamoDbClient();
const readSecret = gitHubSecret(env.GITHUB_SECRET);

export const handler = webhook({
  secrets: async () => (await readSecret()).webhookSecrets,
  apps: ssmApps(ssmClient()),
  source: sources(),
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  stages: dynamoStages(dynamoDb, env.STATE_TABLE),
  executions: stepFunctionsExecutions(stepFunctionsClient(), env.RELEASE_STATE_MACHINE),
  events: eventsOnDemand(),
  log: new Logger({ serviceName: 'webhook' }),
  now: Date.now,
  random: () => randomBytes(10),
});
