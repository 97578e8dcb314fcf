import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { readEnv } from '../../lib/config/environment';
import { push } from './push';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.push.environment);

export const handler = push({
  ...releasePorts(env, dynamoDbClient()),
  source: sources(),
  log: new Logger({ serviceName: 'push' }),
});
