import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { readEnv } from '../../lib/config/environment';
import { TRIGGER_ENV } from './env';
import { start } from './start';

const env = readEnv(TRIGGER_ENV);

export const handler = start({
  ...releasePorts(env, dynamoDbClient()),
  source: sources(),
  log: new Logger({ serviceName: 'start' }),
});
