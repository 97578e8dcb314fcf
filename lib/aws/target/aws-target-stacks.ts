import type { STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../../core/contracts/call-reservations';
import type { Stacks } from '../../ports/stacks';
import type { TargetPortsOf } from '../../ports/target-ports';
import { cloudFormationClient } from '../clients/cloudformation';
import { cloudFormationStacks } from './cloudformation-stacks';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';
import { provedClient } from './proved-client';

/** @returns the stacks of targets, for workers that touch no function: they then load no Lambda client. */
export const awsTargetStacks = (sts: STSClient, access: TargetAccess): TargetPortsOf<'stacks'> =>
  perTarget(sts, access, (options) => {
    const stacks = stacksOf(options, access);
    return (caller) => ({ stacks: stacks(caller) });
  });

/** @returns the port Stacks over the CloudFormation of one target, for each caller. */
export function stacksOf(options: TargetClientOptions, access: TargetAccess): (caller: Caller) => Stacks {
  const client = cloudFormationClient(options);
  const artifacts = { bucket: access.artifactBucket, region: options.region };
  return (caller) => cloudFormationStacks(provedClient(client, caller, access.fence), artifacts);
}
