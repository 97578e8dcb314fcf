import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { readEnv } from '../../lib/config/environment';
import { waitForFunctions } from './wait-for-functions';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.waitForFunctions.environment);

export const handler = waitForFunctions({
  target: awsTargetFunctions(stsClient(), {
    artifactBucket: env.ARTIFACT_BUCKET,
    session: 'seedbed-wait-for-functions',
  }),
  pace: SYSTEM_CLOCK,
});
