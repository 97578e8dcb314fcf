import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { dynamoNotices } from '../../lib/aws/state/dynamo-notices';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import { noticesOnDemand, secretsOnDemand, topicOnDemand } from '../../lib/aws/telling/notices-on-demand';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { notify } from './notify';
import { destinations } from './notify/destinations';
import { NOTIFY_WORKERS } from './workers';

const env = readEnv(NOTIFY_WORKERS.notify.environment);
const dynamoDb = dynamoDbClient();
const notices = dynamoNotices(dynamoDb, env.STATE_TABLE);
const states = dynamoServiceStates(dynamoDb, env.STATE_TABLE);
const stages = dynamoStages(dynamoDb, env.STATE_TABLE);
const releases = dynamoReleases(dynamoDb, env.STATE_TABLE);
const [host, secrets, topic] = [noticesOnDemand(env), secretsOnDemand(), topicOnDemand(env.RELEASES_TOPIC)];

export const handler = workerHandler(
  notify({
    notices,
    states,
    host,
    releases,
    destinations: destinations(
      { host, notices, releases, states, stages, topic, secrets, fetch, now: Date.now },
      env.WEBHOOKS,
    ),
    // On the local cloud there is no console.
    hasConsole: process.env.AWS_ENDPOINT_URL === undefined,
    metrics: emfMetrics(),
    log: new Logger({ serviceName: 'notify' }),
    now: Date.now,
    turnLasts: 75_000,
  }),
);
