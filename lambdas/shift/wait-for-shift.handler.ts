import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { readEnv } from '../../lib/config/environment';
import { REAL_PACE } from '../../lib/release/poll-until';
import { SHIFT_ENV } from './env';
import { waitForShift } from './wait-for-shift';

const env = readEnv(SHIFT_ENV);

export const handler = waitForShift({
  target: awsTargetShifts(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-wait-for-shift' }),
  pace: REAL_PACE,
  log: new Logger({ serviceName: 'wait-for-shift' }),
});
