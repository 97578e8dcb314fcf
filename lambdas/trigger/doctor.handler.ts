import { Logger } from '@aws-lambda-powertools/logger';
import { serviceQuotasBuildQuotas } from '../../lib/aws/builds/service-quotas-build-quotas';
import { codeBuildClient } from '../../lib/aws/clients/codebuild';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { serviceQuotasClient } from '../../lib/aws/clients/service-quotas';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { doorHandler } from '../../lib/aws/door-handler';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { diagnoseByProvider } from '../../lib/aws/source/diagnose';
import { sources } from '../../lib/aws/source/sources';
import { dynamoCodeStorages } from '../../lib/aws/state/dynamo-code-storages';
import { dynamoKnownRepositories } from '../../lib/aws/state/dynamo-known-repositories';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { lambdaAccountSettings } from '../../lib/aws/target/lambda-account-settings';
import { readEnv } from '../../lib/config/environment';
import { doctor } from './doctor';
import { TRIGGER_WORKERS } from './workers';

const env = readEnv(TRIGGER_WORKERS.doctor.environment);

const dynamoDb = dynamoDbClient();

export const handler = doorHandler(
  {
    diagnose: doctor({
      platformAccount: env.RELEASE_STATE_MACHINE.split(':')[4]!,
      apps: ssmApps(ssmClient()),
      diagnose: diagnoseByProvider(env.WEBHOOK_URL),
      source: sources(),
      knownRepositories: dynamoKnownRepositories(dynamoDb, env.STATE_TABLE),
      buildQuotas: serviceQuotasBuildQuotas(codeBuildClient(), serviceQuotasClient()),
      account: lambdaAccountSettings(lambdaClient()),
      storages: dynamoCodeStorages(dynamoDb, env.STATE_TABLE),
      states: dynamoServiceStates(dynamoDb, env.STATE_TABLE),
      releases: dynamoReleases(dynamoDb, env.STATE_TABLE),
    }),
  },
  new Logger({ serviceName: 'doctor' }),
);
