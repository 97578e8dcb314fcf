import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { readEnv } from '../../lib/config/environment';
import { prepareFunctions } from './prepare-functions';
import { DEPLOY_WORKERS } from './workers';

const env = readEnv(DEPLOY_WORKERS.prepareFunctions.environment);

export const handler = prepareFunctions({
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetFunctions(stsClient(), {
    artifactBucket: env.ARTIFACT_BUCKET,
    session: 'seedbed-prepare-functions',
  }),
});
