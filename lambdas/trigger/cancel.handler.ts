import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { doorHandler } from '../../lib/aws/door-handler';
import { releasePorts } from '../../lib/aws/release-ports';
import { readEnv } from '../../lib/config/environment';
import { cancel } from './cancel';
import { TRIGGER_WORKERS } from './workers';

const log = new Logger({ serviceName: 'cancel' });
const env = readEnv(TRIGGER_WORKERS.cancel.environment);

export const handler = doorHandler(
  {
    cancelRelease: cancel({
      ...releasePorts(env, dynamoDbClient()),
      log,
    }),
  },
  log,
);
