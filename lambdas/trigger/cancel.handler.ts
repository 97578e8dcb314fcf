import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { readEnv } from '../../lib/config/environment';
import { cancel } from './cancel';
import { TRIGGER_ENV } from './env';

const env = readEnv(TRIGGER_ENV);

export const handler = cancel({
  ...releasePorts(env, dynamoDbClient()),
  log: new Logger({ serviceName: 'cancel' }),
});
