import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { releasePorts } from '../../lib/aws/release-ports';
import { sources } from '../../lib/aws/source/sources';
import { dynamoReconciliations } from '../../lib/aws/state/dynamo-reconciliations';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { reconcile } from './reconcile';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.reconcile.environment);
const dynamoDb = dynamoDbClient();

export const handler = workerHandler(
  reconcile({
    ...releasePorts(env, dynamoDb),
    source: sources(),
    metrics: emfMetrics(),
    reconciliations: dynamoReconciliations(dynamoDb, env.STATE_TABLE),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'reconcile' }),
  }),
);
