import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { remove } from './remove';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.remove.environment);

export const handler = workerHandler(
  remove({
    ...releasePorts(env, dynamoDbClient()),
    log: new Logger({ serviceName: 'remove' }),
  }),
);
