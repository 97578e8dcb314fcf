import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { removeShifts } from './remove-shifts';
import { REMOVAL_WORKERS } from './workers';

const { ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.removeShifts.environment);

export const handler = workerHandler(
  removeShifts({
    target: awsTargetShifts(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-remove-shifts' }),
    pace: SYSTEM_CLOCK,
  }),
);
