import { randomBytes } from 'node:crypto';
import { PutCompositeAlarmCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateFunctionCommand, PublishVersionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { cloudWatchClient } from '../../lib/aws/clients/cloudwatch';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { dynamoHookRuns } from '../../lib/aws/state/dynamo-hook-runs';
import { awsTargetShifts } from '../../lib/aws/target/aws-target-shifts';
import { HOOKS_TABLE } from '../../lib/core/contracts/code-deploy-names';
import { HOOK_MOMENTS } from '../../lib/core/contracts/started-shift';
import { aHookRun, aRelease } from '../builders';
import { alarmsContract } from '../contracts/alarms-contract';
import { hookRunsContract } from '../contracts/hook-runs-contract';
import { shiftsContract } from '../contracts/shifts-contract';
import { patientLambda } from '../patient-lambda';
import { aRole, stsOfAWorker } from './iam-roles';
import { SPEED } from './local-speed';

/**
 * The adapters of gradual shifts hold the same contracts as their twins in memory. Hooks are called by CodeDeploy as
 * everywhere: the target's hook functions, as they are deployed, leave what came of them in the target's table.
 */
const account = '111122223333';
const region = process.env.AWS_REGION ?? 'us-east-1';
const roleArn = `arn:aws:iam::${account}:role/seedbed-codedeploy`;
const target = { ...aRelease().target, account, region, deployRoleArn: `arn:aws:iam::${account}:role/seedbed-deploy` };
const access = { artifactBucket: 'none', session: 'target-shifts' };
let ports: ReturnType<ReturnType<typeof awsTargetShifts>>;
beforeAll(async () => {
  ports = awsTargetShifts(await stsOfAWorker('target-shifts'), access)(target);
  await aRole({ name: 'function', services: ['lambda'] });
});
const lambda = patientLambda(lambdaClient());
const cloudWatch = cloudWatchClient();

const unique = (what: string): string => `${what}-${randomBytes(6).toString('hex')}`;
const zip = (text: string) => zipSync({ 'index.js': strToU8(`exports.handler = async () => '${text}';`) });

/** Makes a function with two versions, whose alias `live` names the first. */
async function aFunction(): Promise<string> {
  const FunctionName = unique('function');
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${account}:role/function`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip('first') },
    }),
  );
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('second'), Publish: true }));
  await ports.functions.moveAlias(FunctionName, { alias: 'live', version: '1' });
  return FunctionName;
}

async function anAlarm(state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<string> {
  const AlarmName = unique('alarm');
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    }),
  );
  await setState(AlarmName, state);
  return AlarmName;
}
const setState = (AlarmName: string, StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'the test says so' }));

describe('codeDeployShifts', () =>
  shiftsContract(async () => {
    const application = unique('seedbed-contract');
    const functionName = await aFunction();
    await ports.hookRuns.prepare([aHookRun({ application })]);
    return {
      shifts: ports.shifts,
      application,
      functionName,
      roleArn,
      alarm: await anAlarm('OK'),
      alias: () => ports.functions.alias(functionName, 'live'),
      hookCalls: async () => {
        const [run] = await ports.hookRuns.list(application);
        const outcomes = HOOK_MOMENTS.flatMap((moment) => run!.moments[moment] ?? []);
        expect(outcomes.filter(({ status }) => status !== 'passed')).toEqual([]);
        return outcomes.slice(-1);
      },
      activate: async (alarm) => void (await setState(alarm, 'ALARM')),
      wait: (minutes) => new Promise((resume) => setTimeout(resume, (minutes * 60_000) / SPEED)),
    };
  }));

// Workers prepare and list runs; the hook functions of the target write them down with a role of their own.
describe('dynamoHookRuns', () => {
  const hookRuns = dynamoHookRuns(dynamoDbClient(), HOOKS_TABLE);
  hookRunsContract(async () => ({ hookRuns, application: unique('seedbed-contract') }));
});

describe('cloudWatchAlarms', () =>
  alarmsContract(async () => ({
    alarms: ports.alarms,
    names: {
      ok: await anAlarm('OK'),
      alarm: await anAlarm('ALARM'),
      'insufficient-data': await anAlarm('INSUFFICIENT_DATA'),
    },
  })));

it('knows composite alarms', async () => {
  const AlarmName = unique('composite');
  const AlarmRule = `ALARM("${await anAlarm('ALARM')}")`;
  await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
  await setState(AlarmName, 'ALARM');
  expect(await ports.alarms.states([AlarmName])).toEqual(new Map([[AlarmName, 'alarm']]));
});
