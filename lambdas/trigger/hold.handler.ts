import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { doorHandler } from '../../lib/aws/door-handler';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { readEnv } from '../../lib/config/environment';
import { hold, resume } from './hold';
import { TRIGGER_WORKERS } from './workers';

const { STATE_TABLE } = readEnv(TRIGGER_WORKERS.hold.environment);
const dynamoDb = dynamoDbClient();
const ports = {
  apps: ssmApps(ssmClient()),
  releases: dynamoReleases(dynamoDb, STATE_TABLE),
  stages: dynamoStages(dynamoDb, STATE_TABLE),
  states: dynamoServiceStates(dynamoDb, STATE_TABLE),
  now: Date.now,
};

export const handler = doorHandler(
  { holdServices: hold(ports), resumeServices: resume(ports) },
  new Logger({ serviceName: 'hold' }),
);
