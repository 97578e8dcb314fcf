import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { stsClient } from '../../lib/aws/clients/sts';
import { stepFunctionsWorkerVersions } from '../../lib/aws/executions/step-functions-worker-versions';
import { artifactsOnDemand, targetsOnDemand } from '../../lib/aws/on-demand';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { dynamoCodeStorages } from '../../lib/aws/state/dynamo-code-storages';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { ownVersions } from '../../lib/aws/target/aws-target-functions';
import { callBudget } from '../../lib/aws/target/call-budget';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { prune } from './prune';
import { RECORD_WORKERS } from './workers';

const env = readEnv(RECORD_WORKERS.prune.environment);
const dynamoDb = dynamoDbClient();
const log = new Logger({ serviceName: 'prune' });
const budget = callBudget(env.CALLS_TABLE, log);

export const handler = workerHandler(
  prune({
    apps: ssmApps(ssmClient()),
    stages: dynamoStages(dynamoDb, env.STATE_TABLE),
    releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
    states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
    storages: dynamoCodeStorages(dynamoDb, env.STATE_TABLE),
    artifacts: artifactsOnDemand(env.ARTIFACT_BUCKET),
    target: targetsOnDemand(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-prune',
      budget,
    }),
    workers: {
      called: stepFunctionsWorkerVersions(stepFunctionsClient(), [
        env.RELEASE_STATE_MACHINE,
        env.SERVICE_RELEASE_STATE_MACHINE,
        env.WATCHER_STATE_MACHINE,
      ]),
      versions: ownVersions(env.RELEASE_STATE_MACHINE, budget),
    },
    metrics: emfMetrics(),
    log,
    now: Date.now,
    chance: Math.random,
  }),
);
