import { codeBuildBuilds } from '../../lib/aws/builds/codebuild-builds';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { cloneCredentialsOnDemand, targetsOnDemand } from '../../lib/aws/on-demand';
import { sources } from '../../lib/aws/source/sources';
import { dynamoReleaseBuilds } from '../../lib/aws/state/dynamo-release-builds';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { startBuild } from './start-build';
import { BUILD_WORKERS } from './workers';

const env = readEnv(BUILD_WORKERS.startBuild.environment);
const dynamoDb = dynamoDbClient();

export const handler = workerHandler(
  startBuild({
    source: sources(),
    cloneCredentials: cloneCredentialsOnDemand(),
    builds: codeBuildBuilds(codeBuildClient()),
    releaseBuilds: dynamoReleaseBuilds(dynamoDb, env.STATE_TABLE),
    states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: targetsOnDemand(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-build' }),
    artifactBucket: env.ARTIFACT_BUCKET,
    now: () => new Date().toISOString(),
  }),
);
