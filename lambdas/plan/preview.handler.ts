import { Logger } from '@aws-lambda-powertools/logger';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { doorHandler } from '../../lib/aws/door-handler';
import { environmentStampsOnDemand } from '../../lib/aws/on-demand';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { sources } from '../../lib/aws/source/sources';
import { dynamoPlannedBases } from '../../lib/aws/state/dynamo-planned-bases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { readEnv } from '../../lib/config/environment';
import { preview } from './preview';
import { PLAN_WORKERS } from './workers';

const env = readEnv(PLAN_WORKERS.preview.environment);
const dynamoDb = dynamoDbClient();

export const handler = doorHandler(
  {
    previewRelease: preview({
      apps: ssmApps(ssmClient()),
      source: sources(),
      stages: dynamoStages(dynamoDb, env.STATE_TABLE),
      states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
      bases: dynamoPlannedBases(dynamoDb, env.STATE_TABLE),
      environmentStamps: environmentStampsOnDemand(),
      now: () => new Date().toISOString(),
    }),
  },
  new Logger({ serviceName: 'preview' }),
);
