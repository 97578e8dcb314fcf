import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../../core/contracts/call-reservations';
import { removalRoleOf, type Target } from '../../core/contracts/release';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../../core/removal/bucket-actions';
import type { Buckets } from '../../ports/buckets';
import type { TargetPortsOf } from '../../ports/target-ports';
import { s3Client } from '../clients/s3';
import { stacksOf } from './aws-target-stacks';
import { perTarget, type TargetAccess } from './per-target';
import { provedClient } from './proved-client';
import { s3Buckets } from './s3-buckets';
import { targetCredentials } from './target-credentials';

/** @returns stacks of targets, and their buckets with the power of the targets' removal roles. */
export const awsTargetBuckets = (sts: STSClient, access: TargetAccess): TargetPortsOf<'stacks' | 'buckets'> =>
  perTarget(sts, access, (options, target) => {
    const [stacks, buckets] = [stacksOf(options, access), bucketsOf(sts, target, access)];
    return (caller) => ({ stacks: stacks(caller), buckets: buckets(caller) });
  });

/**
 * @returns the port Buckets over the S3 of one target, for each caller. The role is assumed once per bucket, with a
 * policy that narrows it to that bucket, so a mistake here cannot reach another one.
 */
export function bucketsOf(
  sts: STSClient,
  target: Target,
  { session, fence }: TargetAccess,
): (caller: Caller) => Buckets {
  const { region, externalId } = target;
  const deployRoleArn = removalRoleOf(target);
  const clients = new Map<string, S3Client>();
  const clientOf = (bucket: string): S3Client => {
    const known = clients.get(bucket);
    if (known) return known;
    const policy = onlyBucket(deployRoleArn.split(':')[1]!, bucket);
    const client = s3Client({
      region,
      credentials: targetCredentials(sts, { deployRoleArn, externalId }, session, { policy }),
    });
    clients.set(bucket, client);
    return client;
  };
  return (caller) => s3Buckets((bucket) => provedClient(clientOf(bucket), caller, fence));
}

const onlyBucket = (partition: string, bucket: string): string => {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: BUCKET_ACTIONS, Resource: arn },
      { Effect: 'Allow', Action: OBJECT_ACTIONS, Resource: `${arn}/*` },
    ],
  });
};
