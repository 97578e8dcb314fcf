import type { STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../../core/contracts/call-reservations';
import { HOOKS_TABLE } from '../../core/contracts/code-deploy-names';
import type { TargetPorts, TargetPortsOf } from '../../ports/target-ports';
import { cloudWatchClient } from '../clients/cloudwatch';
import { codeDeployClient } from '../clients/codedeploy';
import { dynamoDbClient } from '../clients/dynamodb';
import { dynamoHookRuns } from '../state/dynamo-hook-runs';
import { functionsOf } from './aws-target-functions';
import { cloudWatchAlarms } from './cloudwatch-alarms';
import { codeDeployBudget, codeDeployShifts } from './codedeploy-shifts';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';
import { provedClient } from './proved-client';

type ShiftPorts = 'functions' | 'shifts' | 'alarms' | 'hookRuns';

/** @returns what shifts need of targets, for workers that touch no stack: they then load no CloudFormation client. */
export const awsTargetShifts = (sts: STSClient, access: TargetAccess): TargetPortsOf<ShiftPorts> =>
  perTarget(sts, access, (options, target) => {
    const [functions, shifts] = [functionsOf(options, target, access), shiftsOf(options, access)];
    return (caller) => ({ ...shifts(caller), functions: functions(caller) });
  });

/** @returns the ports over CodeDeploy, CloudWatch and the table of hooks of one target, for each caller. */
export function shiftsOf(
  options: TargetClientOptions,
  access: TargetAccess,
): (caller: Caller) => Pick<TargetPorts, 'shifts' | 'alarms' | 'hookRuns'> {
  const client = codeDeployClient(options);
  const budget = codeDeployBudget();
  const others = {
    alarms: cloudWatchAlarms(cloudWatchClient(options)),
    hookRuns: dynamoHookRuns(dynamoDbClient(options), HOOKS_TABLE),
  };
  return (caller) => ({ ...others, shifts: codeDeployShifts(provedClient(client, caller, access.fence), { budget }) });
}
