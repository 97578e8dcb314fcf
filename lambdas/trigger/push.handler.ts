import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { readEnv } from '../../lib/config/environment';
import { TRIGGER_ENV } from './env';
import { push } from './push';

const env = readEnv(TRIGGER_ENV);

export const handler = push({
  ...releasePorts(env, dynamoDbClient()),
  source: sources(),
  log: new Logger({ serviceName: 'push' }),
});
