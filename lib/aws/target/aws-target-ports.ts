import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { bucketsOf } from './aws-target-buckets';
import { functionsOf, versionsOf } from './aws-target-functions';
import { shiftsOf } from './aws-target-shifts';
import { stacksOf } from './aws-target-stacks';
import { perTarget, type TargetAccess } from './per-target';

/** @returns all that a worker can do in targets, with one session for all of it. */
export const awsTargetPorts = (sts: STSClient, access: TargetAccess): TargetPortsOf =>
  perTarget(sts, access, (options, artifactBucket, target) => {
    const [functions, versions] = [functionsOf(options, target, access), versionsOf(options, target, access)];
    const others = {
      stacks: stacksOf(options, artifactBucket),
      ...shiftsOf(options),
      buckets: bucketsOf(sts, target, access.session),
    };
    return (caller) => ({ ...others, functions: functions(caller), versions: versions(caller) });
  });
