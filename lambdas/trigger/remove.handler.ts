import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { readEnv } from '../../lib/config/environment';
import { TRIGGER_ENV } from './env';
import { remove } from './remove';

const env = readEnv(TRIGGER_ENV);

export const handler = remove({
  ...releasePorts(env, dynamoDbClient()),
  log: new Logger({ serviceName: 'remove' }),
});
