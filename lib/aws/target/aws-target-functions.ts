import type { STSClient } from '@aws-sdk/client-sts';
import { type Caller, HOUSEKEEPING } from '../../core/contracts/call-reservations';
import type { Target } from '../../core/contracts/release';
import type { CallBudget, CallPlace } from '../../ports/call-budget';
import type { Functions } from '../../ports/functions';
import type { TargetPortsOf } from '../../ports/target-ports';
import type { Versions } from '../../ports/versions';
import { lambdaClient } from '../clients/lambda';
import { SYSTEM_CLOCK } from '../system-clock';
import { aloneBudget } from './alone-budget';
import { busyAtOnce } from './lambda-busy';
import { lambdaFunctions } from './lambda-functions';
import { lambdaVersions } from './lambda-versions';
import { type PacedCalls, pacedCalls } from './paced-calls';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';
import { provedClient } from './proved-client';

/** @returns the functions of targets, for workers that touch no stack: they then load no CloudFormation client. */
export const awsTargetFunctions = (sts: STSClient, access: TargetAccess): TargetPortsOf<'functions'> =>
  perTarget(sts, access, (options, target) => {
    const functions = functionsOf(options, target, access);
    return (caller) => ({ functions: functions(caller) });
  });

/** @returns the port Functions over the Lambda of one target, for each caller. */
export function functionsOf(
  options: TargetClientOptions,
  target: Target,
  access: TargetAccess,
): (caller: Caller) => Functions {
  const client = busyAtOnce(lambdaClient(options), { conflicts: true });
  return (caller) =>
    lambdaFunctions(
      provedClient(client, caller, access.fence),
      access.artifactBucket,
      controlCalls(target, access, caller),
    );
}

/** @returns the port Versions over the Lambda of one target, for each caller. */
export function versionsOf(
  options: TargetClientOptions,
  target: Target,
  access: TargetAccess,
): (caller: Caller) => Versions {
  const client = busyAtOnce(lambdaClient(options), { conflicts: false });
  return (caller) => lambdaVersions(client, controlCalls(target, access, caller));
}

/**
 * @param arn of anything of the platform: its calls are of the same account and Region
 * @returns the port Versions over the Lambda of the platform itself
 */
export function ownVersions(arn: string, budget: CallBudget): Versions {
  const [, , , region = '', account = ''] = arn.split(':');
  const place = { account, region };
  const paced = pacedCalls({ budget, place, caller: HOUSEKEEPING, clock: SYSTEM_CLOCK });
  return lambdaVersions(busyAtOnce(lambdaClient(), { conflicts: false }), paced);
}

/** A worker without a budget makes no control calls, or few. */
const controlCalls = (place: CallPlace, { budget, pace }: TargetAccess, caller: Caller): PacedCalls =>
  pacedCalls({ budget: budget ?? ALONE, place, caller, clock: SYSTEM_CLOCK, ...pace });

const ALONE = aloneBudget(SYSTEM_CLOCK);
