import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetPorts } from '../../lib/aws/target/aws-target-ports';
import { readEnv } from '../../lib/config/environment';
import { startShift } from './start-shift';
import { SHIFT_WORKERS } from './workers';

const env = readEnv(SHIFT_WORKERS.startShift.environment);

export const handler = startShift({
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetPorts(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-start-shift' }),
  log: new Logger({ serviceName: 'start-shift' }),
  now: Date.now,
});
