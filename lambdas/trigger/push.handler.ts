import { Logger } from '@aws-lambda-powertools/logger';
import { codeCommitClient } from '../../lib/aws/clients/codecommit';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { codeCommitSource } from '../../lib/aws/source/codecommit-source';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { push } from './push';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.push.environment);

export const handler = workerHandler(
  push({
    ...releasePorts(env, dynamoDbClient()),
    source: codeCommitSource(codeCommitClient()),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'push' }),
  }),
);
