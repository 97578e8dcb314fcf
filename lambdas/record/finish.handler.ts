import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { eventBridgeClient } from '../../lib/aws/clients/eventbridge';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { stsClient } from '../../lib/aws/clients/sts';
import { stepFunctionsExecutions } from '../../lib/aws/executions/step-functions-executions';
import { artifactsOnDemand, buildsOnDemand, environmentsOnDemand, targetsOnDemand } from '../../lib/aws/on-demand';
import { dynamoReleaseBuilds } from '../../lib/aws/state/dynamo-release-builds';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { emfMetrics } from '../../lib/aws/telling/emf-metrics';
import { eventBridgeEvents } from '../../lib/aws/telling/event-bridge-events';
import { readEnv } from '../../lib/config/environment';
import { FINISH_ENV } from './env';
import { finish } from './finish';

const env = readEnv(FINISH_ENV);
const dynamoDb = dynamoDbClient();
const stepFunctions = stepFunctionsClient();

export const handler = finish({
  releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
  states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
  stages: dynamoStages(dynamoDb, env.STATE_TABLE),
  environments: environmentsOnDemand(),
  executions: stepFunctionsExecutions(stepFunctions, env.RELEASE_STATE_MACHINE),
  serviceExecutions: stepFunctionsExecutions(stepFunctions, env.SERVICE_RELEASE_STATE_MACHINE),
  releaseBuilds: dynamoReleaseBuilds(dynamoDb, env.STATE_TABLE),
  builds: buildsOnDemand(),
  events: eventBridgeEvents(eventBridgeClient()),
  artifacts: artifactsOnDemand(env.ARTIFACT_BUCKET),
  target: targetsOnDemand(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-finish' }),
  metrics: emfMetrics(),
  now: Date.now,
  pace: SYSTEM_CLOCK,
  log: new Logger({ serviceName: 'finish' }),
});
