import { Logger } from '@aws-lambda-powertools/logger';
import { codeBuildBuilds } from '../../lib/aws/builds/codebuild-builds';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { stsClient } from '../../lib/aws/clients/sts';
import { stepFunctionsCallbacks } from '../../lib/aws/executions/step-functions-callbacks';
import { targetsOnDemand } from '../../lib/aws/on-demand';
import { releaseFence } from '../../lib/aws/release-fence';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoWaits } from '../../lib/aws/state/dynamo-waits';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { watch } from './watch';
import { WATCH_WORKERS } from './workers';

const env = readEnv(WATCH_WORKERS.watch.environment);
const dynamoDb = dynamoDbClient();

export const handler = workerHandler(
  watch({
    releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
    waits: dynamoWaits(dynamoDb, env.STATE_TABLE),
    callbacks: stepFunctionsCallbacks(stepFunctionsClient()),
    builds: codeBuildBuilds(codeBuildClient()),
    artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
    target: targetsOnDemand(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-watch',
      fence: releaseFence(env.STATE_TABLE),
    }),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'watch' }),
  }),
);
