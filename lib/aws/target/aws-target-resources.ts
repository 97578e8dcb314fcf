import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { functionsOf } from './aws-target-functions';
import { stacksOf } from './aws-target-stacks';
import { perTarget, type TargetAccess } from './per-target';

/** @returns functions and stacks of targets, for workers that shift nothing: they then load no CodeDeploy client. */
export const awsTargetResources = (sts: STSClient, access: TargetAccess): TargetPortsOf<'functions' | 'stacks'> =>
  perTarget(sts, access, (options, target) => {
    const [functions, stacks] = [functionsOf(options, target, access), stacksOf(options, access)];
    return (caller) => ({ stacks: stacks(caller), functions: functions(caller) });
  });
