import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { releaseFence } from '../../lib/aws/release-fence';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { callBudget } from '../../lib/aws/target/call-budget';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { moveAliases } from './move-aliases';
import { SHIFT_WORKERS } from './workers';

const env = readEnv(SHIFT_WORKERS.moveAliases.environment);
const log = new Logger({ serviceName: 'move-aliases' });

export const handler = workerHandler(
  moveAliases({
    target: awsTargetFunctions(stsClient(), {
      artifactBucket: env.ARTIFACT_BUCKET,
      session: 'seedbed-move-aliases',
      fence: releaseFence(env.STATE_TABLE),
      budget: callBudget(env.CALLS_TABLE, log),
      pace: { together: true, triesFor: 120_000 },
    }),
    log,
  }),
);
