import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { start } from './start';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.start.environment);

export const handler = workerHandler(
  start({
    ...releasePorts(env, dynamoDbClient()),
    source: sources(),
    log: new Logger({ serviceName: 'start' }),
  }),
);
