import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { readEnv } from '../../lib/config/environment';
import { REMOVE_SHIFTS_ENV } from './env';
import { removeShifts } from './remove-shifts';

const { ARTIFACT_BUCKET } = readEnv(REMOVE_SHIFTS_ENV);

export const handler = removeShifts({
  target: awsTargetShifts(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-remove-shifts' }),
  pace: SYSTEM_CLOCK,
});
