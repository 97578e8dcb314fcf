import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { doorHandler } from '../../lib/aws/door-handler';
import { stepFunctionsExecutions } from '../../lib/aws/executions/step-functions-executions';
import { stepFunctionsProgress } from '../../lib/aws/executions/step-functions-progress';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { dynamoCodeStorages } from '../../lib/aws/state/dynamo-code-storages';
import { dynamoReleaseBuilds } from '../../lib/aws/state/dynamo-release-builds';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { readEnv } from '../../lib/config/environment';
import { reads } from './read';
import { DOOR_WORKERS } from './workers';

const env = readEnv(DOOR_WORKERS.read.environment);
const table = dynamoDbClient();
const stepFunctions = stepFunctionsClient();

export const handler = doorHandler(
  reads({
    apps: ssmApps(ssmClient()),
    stages: dynamoStages(table, env.STATE_TABLE),
    releases: dynamoReleases(table, env.STATE_TABLE),
    states: dynamoServiceStates(table, env.STATE_TABLE),
    builds: dynamoReleaseBuilds(table, env.STATE_TABLE),
    storages: dynamoCodeStorages(table, env.STATE_TABLE),
    progress: stepFunctionsProgress(stepFunctions),
    executions: stepFunctionsExecutions(stepFunctions, env.RELEASE_STATE_MACHINE),
    serviceExecutions: stepFunctionsExecutions(stepFunctions, env.SERVICE_RELEASE_STATE_MACHINE),
  }),
  new Logger({ serviceName: 'read' }),
);
