import { awsTargetShifts } from '../../lib/aws/aws-target-shifts';
import { stsClient } from '../../lib/aws/clients/sts';
import { readEnv } from '../../lib/config/environment';
import { REAL_PACE } from '../poll-until';
import { SHIFT_ENV } from './env';
import { stopShift } from './stop-shift';

const env = readEnv(SHIFT_ENV);

export const handler = stopShift({
  target: awsTargetShifts(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-stop-shift' }),
  pace: REAL_PACE,
});
