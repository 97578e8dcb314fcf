import { Logger } from '@aws-lambda-powertools/logger';
import { s3Artifacts } from '../../lib/aws/builds/s3-artifacts';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { s3Client } from '../../lib/aws/clients/s3';
import { stsClient } from '../../lib/aws/clients/sts';
import { doorHandler } from '../../lib/aws/door-handler';
import { releasePorts } from '../../lib/aws/release-ports';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { awsTargetFunctions } from '../../lib/aws/target/aws-target-functions';
import { readEnv } from '../../lib/config/environment';
import { previewRollback, rollback } from './rollback';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.rollback.environment);
const dynamoDb = dynamoDbClient();
const log = new Logger({ serviceName: 'rollback' });
const ports = {
  ...releasePorts(env, dynamoDb),
  states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
  artifacts: s3Artifacts(s3Client(), env.ARTIFACT_BUCKET),
  target: awsTargetFunctions(stsClient(), { artifactBucket: env.ARTIFACT_BUCKET, session: 'seedbed-rollback' }),
  log,
};

export const handler = doorHandler({ startRollback: rollback(ports), previewRollback: previewRollback(ports) }, log);
