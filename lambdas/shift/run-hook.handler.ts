import { Logger } from '@aws-lambda-powertools/logger';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { patientLambdaClient } from '../../lib/aws/clients/lambda';
import { dynamoHookRuns } from '../../lib/aws/state/dynamo-hook-runs';
import { codeDeployShifts } from '../../lib/aws/target/codedeploy-shifts';
import { lambdaUserHooks } from '../../lib/aws/target/lambda-user-hooks';
import { workerHandler } from '../../lib/aws/worker-handler';
import { readEnv } from '../../lib/config/environment';
import { HookMoment } from '../../lib/core/contracts/started-shift';
import { runHook } from './run-hook';
import { HOOK_WORKERS } from './workers';

const env = readEnv(HOOK_WORKERS.runHook.environment);

export const handler = workerHandler(
  runHook({
    moment: HookMoment.parse(env.MOMENT),
    shifts: codeDeployShifts(codeDeployClient()),
    hookRuns: dynamoHookRuns(dynamoDbClient(), env.HOOKS_TABLE),
    userHooks: lambdaUserHooks(patientLambdaClient()),
    log: new Logger({ serviceName: 'run-hook' }),
    now: Date.now,
  }),
);
