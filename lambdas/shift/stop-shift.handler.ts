import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { stopShift } from '../../lib/release/undo/stop-shift';
import { SHIFT_WORKERS } from './workers';

const env = readEnv(SHIFT_WORKERS.stopShift.environment);

export const handler = workerHandler(
  stopShift({
    target: awsTargetShifts(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-stop-shift',
      fence: releaseFence(env.STATE_TABLE),
    }),
    pace: SYSTEM_CLOCK,
  }),
);
