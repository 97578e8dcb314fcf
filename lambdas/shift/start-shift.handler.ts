import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetPorts } from '../../lib/aws/aws-target-ports';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { s3Artifacts } from '../../lib/aws/s3-artifacts';
import { readEnv } from '../../lib/config/environment';
import { SHIFT_ENV } from './env';
import { startShift } from './start-shift';

const env = readEnv(SHIFT_ENV);

export const handler = startShift({
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetPorts(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-start-shift' }),
  log: new Logger({ serviceName: 'start-shift' }),
  now: Date.now,
});
