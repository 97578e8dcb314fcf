import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { removeShifts } from './remove-shifts';
import { REMOVAL_WORKERS } from './workers';

const { STATE_TABLE, ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.removeShifts.environment);

export const handler = workerHandler(
  removeShifts({
    target: awsTargetShifts(stsClient(), {
      artifactBucket: ARTIFACT_BUCKET,
      session: 'seedbed-remove-shifts',
      fence: releaseFence(STATE_TABLE),
    }),
    pace: SYSTEM_CLOCK,
  }),
);
