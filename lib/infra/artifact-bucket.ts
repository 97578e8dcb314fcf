import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { renderedTemplatesOf } from '../core/contracts/keys';
import type { Lifetime } from './lifetime';

export interface ArtifactBucketProps extends Lifetime {
  /** Roles of targets in other accounts that read bundles: those in the platform's own need no leave of the bucket. */
  readonly readers: readonly string[];
}

/** Construct id, and so the beginning of the bucket's name after the stack's. */
export const ARTIFACTS = 'Artifacts';

/** @returns the artifact repository: bundles and packages, versioned, encrypted, over TLS only. */
export function artifactBucket(scope: Construct, { keep, readers }: ArtifactBucketProps): Bucket {
  const bucket = new Bucket(scope, ARTIFACTS, {
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    // What is there stays, since a rollback may want it, and all that is read is the current version. Versions are kept
    // for a person who has to undo what was written over or deleted.
    lifecycleRules: [
      {
        abortIncompleteMultipartUploadAfter: Duration.days(7),
        noncurrentVersionExpiration: Duration.days(90),
        expiredObjectDeleteMarker: true,
      },
    ],
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  if (readers.length > 0)
    bucket.addToResourcePolicy(
      // One statement for all: the policy of a bucket holds 20 KB, and each statement is a third of one.
      new PolicyStatement({
        effect: Effect.ALLOW,
        // A policy that names a role is refused as long as there is none; the account may get its stack later.
        principals: [...new Set(readers.map(accountOf))].map((account) => new AccountPrincipal(account)),
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        // IAM puts the caller's account in the variable's place:
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
        resources: ['bundles/*', renderedTemplatesOf('${aws:PrincipalAccount}')].map((keys) =>
          bucket.arnForObjects(keys),
        ),
        conditions: { ArnEquals: { 'aws:PrincipalArn': readers } },
      }),
    );
  return bucket;
}

const accountOf = (roleArn: string): string => roleArn.split(':')[4]!;
