import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { startStackDeletion } from './start-stack-deletion';
import { REMOVAL_WORKERS } from './workers';

const { STATE_TABLE, ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.startStackDeletion.environment);

export const handler = workerHandler(
  startStackDeletion({
    target: awsTargetStacks(stsClient(), {
      artifactBucket: ARTIFACT_BUCKET,
      session: 'seedbed-start-stack-deletion',
      fence: releaseFence(STATE_TABLE),
    }),
  }),
);
