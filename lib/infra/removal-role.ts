import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyStatement, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { REMOVAL_ROLE_NAME, WORKERS_PATH } from '../core/contracts/release';
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../core/removal/bucket-actions';
import { ownBuckets } from './platforms-own';

export interface RemovalRoleProps {
  /** Account of the platform, whose worker may assume the role. */
  readonly opsAccount: string;
  /** The names of the platform's resources begin with it. */
  readonly platformStackName: string;
  readonly externalId: string;
}

/**
 * The role with which buckets are emptied before their stack is deleted. The names of buckets belong to the services
 * and are not known here, so it may delete the objects of any bucket of this account: a great power. It is apart from
 * the deploy role for that reason. What holds it:
 *
 * - Only the worker `EmptyBuckets` may assume it, with the external id, and the worker does so for one bucket at a
 * time, with
 *   a session policy that takes away its power over every other one.
 * - That worker empties nothing but buckets of a stack that carries the service's tags, and only if the release says
 * that
 *   buckets may be emptied.
 * - It can neither read an object nor delete a bucket, and never touches the artifact repository or what the CDK keeps.
 */
export class RemovalRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { opsAccount, platformStackName, externalId }: RemovalRoleProps) {
    super(scope, id);
    const { account, partition } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      roleName: REMOVAL_ROLE_NAME,
      description: 'Seedbed empties buckets with it whose stack is about to be deleted',
      assumedBy: new PrincipalWithConditions(new AccountPrincipal(opsAccount), {
        StringEquals: { 'sts:ExternalId': externalId },
        ArnLike: {
          'aws:PrincipalArn': `arn:${partition}:iam::${opsAccount}:role${WORKERS_PATH}${platformStackName}-${EMPTYING}*`,
        },
      }),
    });
    const own = { StringEquals: { 'aws:ResourceAccount': account } };
    this.add(Effect.ALLOW, BUCKET_ACTIONS, [`arn:${partition}:s3:::*`], own);
    this.add(Effect.ALLOW, OBJECT_ACTIONS, [`arn:${partition}:s3:::*/*`], own);
    this.add(Effect.DENY, ['s3:*'], [...ownBuckets(partition, platformStackName)]);
  }

  private add(effect: Effect, actions: string[], resources: string[], conditions?: Record<string, unknown>): void {
    this.role.addToPolicy(new PolicyStatement({ effect, actions, resources, conditions }));
  }
}

/** What the name of that worker's role begins with, behind the stack's: a test holds it to the construct's path. */
const EMPTYING = 'RemovalWorkersEmptyBuckets';
