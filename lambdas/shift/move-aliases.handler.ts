import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { ALIAS_MOVES_PER_SECOND } from '../../lib/aws/target/lambda-functions';
import { readEnv } from '../../lib/config/environment';
import { moveAliases } from './move-aliases';
import { SHIFT_WORKERS } from './workers';

const env = readEnv(SHIFT_WORKERS.moveAliases.environment);
const access = { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-move-aliases' };

export const handler = moveAliases({
  target: awsTargetFunctions(stsClient(), access, ALIAS_MOVES_PER_SECOND),
  log: new Logger({ serviceName: 'move-aliases' }),
});
