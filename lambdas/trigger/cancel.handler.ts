import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { cancel } from './cancel';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.cancel.environment);

export const handler = workerHandler(
  cancel({
    ...releasePorts(env, dynamoDbClient()),
    log: new Logger({ serviceName: 'cancel' }),
  }),
);
