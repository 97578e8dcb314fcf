import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { readEnv } from '../../lib/config/environment';
import { VERIFY_REMOVAL_ENV } from './env';
import { verifyRemoval } from './verify-removal';

const { ARTIFACT_BUCKET } = readEnv(VERIFY_REMOVAL_ENV);

export const handler = verifyRemoval({
  target: awsTargetStacks(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-verify-removal' }),
});
