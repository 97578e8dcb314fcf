import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { cloneCredentialsOnDemand, environmentStampsOnDemand } from '../../lib/aws/on-demand';
import { sources } from '../../lib/aws/source/sources';
import { dynamoPlannedBases } from '../../lib/aws/state/dynamo-planned-bases';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { plan } from './plan';
import { PLAN_WORKERS } from './workers';

const env = readEnv(PLAN_WORKERS.plan.environment);
const dynamoDb = dynamoDbClient();

export const handler = workerHandler(
  plan({
    source: sources(),
    cloneCredentials: cloneCredentialsOnDemand(),
    states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
    bases: dynamoPlannedBases(dynamoDb, env.STATE_TABLE),
    environmentStamps: environmentStampsOnDemand(),
    releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: awsTargetFunctions(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-plan' }),
    now: () => new Date().toISOString(),
  }),
);
