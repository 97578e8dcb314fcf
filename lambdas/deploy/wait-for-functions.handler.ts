import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { readEnv } from '../../lib/config/environment';
import { WAIT_FOR_FUNCTIONS_ENV } from './env';
import { waitForFunctions } from './wait-for-functions';

const env = readEnv(WAIT_FOR_FUNCTIONS_ENV);

export const handler = waitForFunctions({
  target: awsTargetFunctions(stsClient(), {
    artifactBucket: env.ARTIFACT_BUCKET,
    session: 'seedbed-wait-for-functions',
  }),
  pace: SYSTEM_CLOCK,
});
