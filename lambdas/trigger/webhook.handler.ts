import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { gitHubSecret } from '../../lib/aws/source/github-secret';
import { sources } from '../../lib/aws/source/sources';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { webhook } from './webhook';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.webhook.environment);
const readSecret = gitHubSecret(env.GITHUB_SECRET);

export const handler = workerHandler(
  webhook({
    ...releasePorts(env, dynamoDbClient()),
    secrets: async () => (await readSecret()).webhookSecrets,
    source: sources(),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'webhook' }),
  }),
);
