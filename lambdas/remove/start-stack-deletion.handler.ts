import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetStacks } from '../../lib/aws/target/aws-target-stacks';
import { readEnv } from '../../lib/config/environment';
import { START_STACK_DELETION_ENV } from './env';
import { startStackDeletion } from './start-stack-deletion';

const { ARTIFACT_BUCKET } = readEnv(START_STACK_DELETION_ENV);

export const handler = startStackDeletion({
  target: awsTargetStacks(stsClient(), { artifactBucket: ARTIFACT_BUCKET, session: 'seedbed-start-stack-deletion' }),
});
