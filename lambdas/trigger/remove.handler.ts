import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { doorHandler } from '../../lib/aws/door-handler';
import { releasePorts } from '../../lib/aws/release-ports';
import { readEnv } from '../../lib/config/environment';
import { remove } from './remove';
import { TRIGGER_WORKERS } from './workers';

const log = new Logger({ serviceName: 'remove' });
const env = readEnv(TRIGGER_WORKERS.remove.environment);

export const handler = doorHandler(
  {
    removeStage: remove({
      ...releasePorts(env, dynamoDbClient()),
      log,
    }),
  },
  log,
);
