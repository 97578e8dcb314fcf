import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { bucketsOf } from './aws-target-buckets';
import { functionsOf, versionsOf } from './aws-target-functions';
import { shiftsOf } from './aws-target-shifts';
import { stacksOf } from './aws-target-stacks';
import { perTarget, type TargetAccess } from './per-target';

/** @returns all that a worker can do in targets, with one session for all of it. */
export const awsTargetPorts = (sts: STSClient, access: TargetAccess): TargetPortsOf =>
  perTarget(sts, access, (options, target) => {
    const [functions, versions] = [functionsOf(options, target, access), versionsOf(options, target, access)];
    const [stacks, shifts] = [stacksOf(options, access), shiftsOf(options, access)];
    const buckets = bucketsOf(sts, target, access);
    return (caller) => ({
      ...shifts(caller),
      stacks: stacks(caller),
      functions: functions(caller),
      versions: versions(caller),
      buckets: buckets(caller),
    });
  });
