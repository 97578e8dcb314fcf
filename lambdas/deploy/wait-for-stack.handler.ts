import { Logger } from '@aws-lambda-powertools/logger';
import { stsClient } from '../../lib/aws/clients/sts';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { waitForStack } from './wait-for-stack';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.waitForStack.environment);

export const handler = workerHandler(
  waitForStack({
    target: awsTargetStacks(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-wait-for-stack' }),
    pace: SYSTEM_CLOCK,
    log: new Logger({ serviceName: 'wait-for-stack' }),
  }),
);
