import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { verifyRemoval } from './verify-removal';
import { REMOVAL_WORKERS } from './workers';

const { ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.verifyRemoval.environment);

export const handler = workerHandler(
  verifyRemoval({
    target: awsTargetStacks(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-verify-removal' }),
  }),
);
