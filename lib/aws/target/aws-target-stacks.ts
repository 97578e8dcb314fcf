import type { STSClient } from '@aws-sdk/client-sts';
import type { TargetPortsOf } from '../../ports/target-ports';
import { cloudFormationClient } from '../clients/cloudformation';
import { cloudFormationStacks } from './cloudformation-stacks';
import { perTarget, type TargetAccess, type TargetClientOptions } from './per-target';

/** @returns the stacks of targets, for workers that touch no function: they then load no Lambda client. */
export const awsTargetStacks = (sts: STSClient, access: TargetAccess): TargetPortsOf<'stacks'> =>
  perTarget(sts, access, (options, artifactBucket) => {
    const ports = { stacks: stacksOf(options, artifactBucket) };
    return () => ports;
  });

/** @returns the port Stacks over the CloudFormation of one target. */
export const stacksOf = (options: TargetClientOptions, artifactBucket: string) =>
  cloudFormationStacks(cloudFormationClient(options), { bucket: artifactBucket, region: options.region });
