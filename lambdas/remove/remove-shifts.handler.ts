import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { readEnv } from '../../lib/config/environment';
import { removeShifts } from './remove-shifts';
import { REMOVAL_WORKERS } from './workers';

const { ARTIFACT_BUCKET } = readEnv(REMOVAL_WORKERS.removeShifts.environment);

export const handler = removeShifts({
  target: awsTargetShifts(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-remove-shifts' }),
  pace: SYSTEM_CLOCK,
});
