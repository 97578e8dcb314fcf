import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { readEnv } from '../../lib/config/environment';
import { REAL_PACE } from '../../lib/release/poll-until';
import { WAIT_FOR_FUNCTIONS_ENV } from './env';
import { waitForFunctions } from './wait-for-functions';

const env = readEnv(WAIT_FOR_FUNCTIONS_ENV);

export const handler = waitForFunctions({
  target: awsTargetFunctions(stsClient(), {
    artifactBucket: env.ARTIFACT_BUCKET,
    session: 'seedbed-wait-for-functions',
  }),
  pace: REAL_PACE,
});
