import { Logger } from '@aws-lambda-powertools/logger';
import { awsTargetFunctions } from '../../lib/aws/aws-target-functions';
import { stsClient } from '../../lib/aws/clients/sts';
import { readEnv } from '../../lib/config/environment';
import { SHIFT_ENV } from './env';
import { moveAliases } from './move-aliases';

const env = readEnv(SHIFT_ENV);

export const handler = moveAliases({
  target: awsTargetFunctions(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-move-aliases' }),
  log: new Logger({ serviceName: 'move-aliases' }),
});
