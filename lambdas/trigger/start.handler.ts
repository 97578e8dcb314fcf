import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { doorHandler } from '../../lib/aws/door-handler';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { readEnv } from '../../lib/config/environment';
import { start } from './start';
import { TRIGGER_WORKERS } from './workers';

const log = new Logger({ serviceName: 'start' });
const env = readEnv(TRIGGER_WORKERS.start.environment);

export const handler = doorHandler(
  {
    startRelease: start({
      ...releasePorts(env, dynamoDbClient()),
      source: sources(),
      log,
    }),
  },
  log,
);
