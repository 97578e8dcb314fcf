import type { STSClient } from '@aws-sdk/client-sts';
import { HOOKS_TABLE } from '../../core/contracts/code-deploy-names';
import type { TargetPorts, TargetPortsOf } from '../../ports/target-ports';
import { cloudWatchClient } from '../clients/cloudwatch';
import { codeDeployClient } from '../clients/codedeploy';
import { dynamoDbClient } from '../clients/dynamodb';
import { dynamoHookRuns } from '../state/dynamo-hook-runs';
import { functionsOf } from './aws-target-functions';
import { cloudWatchAlarms } from './cloudwatch-alarms';
import { codeDeployShifts } from './codedeploy-shifts';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';

type ShiftPorts = 'functions' | 'shifts' | 'alarms' | 'hookRuns';

/** @returns what shifts need of targets, for workers that touch no stack: they then load no CloudFormation client. */
export const awsTargetShifts = (sts: STSClient, access: TargetAccess): TargetPortsOf<ShiftPorts> =>
  perTarget(sts, access, (options, _, target) => {
    const [functions, shifts] = [functionsOf(options, target, access), shiftsOf(options)];
    return (caller) => ({ ...shifts, functions: functions(caller) });
  });

/** @returns the ports over CodeDeploy, CloudWatch and the table of hooks of one target. */
export const shiftsOf = (options: TargetClientOptions): Pick<TargetPorts, 'shifts' | 'alarms' | 'hookRuns'> => ({
  shifts: codeDeployShifts(codeDeployClient(options)),
  alarms: cloudWatchAlarms(cloudWatchClient(options)),
  hookRuns: dynamoHookRuns(dynamoDbClient(options), HOOKS_TABLE),
});
