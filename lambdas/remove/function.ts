import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { WAIT_WORKER_TIMEOUT, Worker } from '../../lib/constructs/worker';
import type {
  EMPTY_BUCKETS_ENV,
  PREPARE_REMOVAL_ENV,
  RECORD_REMOVAL_ENV,
  REMOVE_SHIFTS_ENV,
  START_STACK_DELETION_ENV,
  VERIFY_REMOVAL_ENV,
} from './env';

/**
 * The workers of a removal: they delete what a service has in the target as its deploy role. Only the one that empties
 * buckets may assume the role that can (see `RemovalRole`).
 */
export class RemovalWorkers extends Construct {
  readonly prepareRemoval: Worker;
  readonly removeShifts: Worker;
  readonly emptyBuckets: Worker;
  readonly startStackDeletion: Worker;
  readonly verifyRemoval: Worker;
  readonly recordRemoval: Worker;

  constructor(scope: Construct, id: string, platform: PlatformResources) {
    super(scope, id);
    const STATE_TABLE = platform.stateTable.tableName;
    const ARTIFACT_BUCKET = platform.artifacts.bucketName;

    this.prepareRemoval = this.worker('PrepareRemoval', 'prepare-removal', {
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof PREPARE_REMOVAL_ENV>,
    });
    this.removeShifts = this.worker('RemoveShifts', 'remove-shifts', {
      // As many groups as functions are deleted after the wait, as fast as CodeDeploy takes it.
      timeout: WAIT_WORKER_TIMEOUT.plus(Duration.minutes(4)),
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof REMOVE_SHIFTS_ENV>,
    });
    this.emptyBuckets = this.worker('EmptyBuckets', 'empty-buckets', {
      timeout: Duration.minutes(15),
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof EMPTY_BUCKETS_ENV>,
    });
    this.startStackDeletion = this.worker('StartStackDeletion', 'start-stack-deletion', {
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof START_STACK_DELETION_ENV>,
    });
    this.verifyRemoval = this.worker('VerifyRemoval', 'verify-removal', {
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof VERIFY_REMOVAL_ENV>,
    });
    this.recordRemoval = this.worker('RecordRemoval', 'record-removal', {
      environment: { STATE_TABLE } satisfies Env<typeof RECORD_REMOVAL_ENV>,
    });

    for (const worker of [this.prepareRemoval, this.recordRemoval]) platform.allowState(worker);
    platform.allowReading(this.prepareRemoval, 'packages');
    const inTarget = [
      this.prepareRemoval,
      this.removeShifts,
      this.emptyBuckets,
      this.startStackDeletion,
      this.verifyRemoval,
    ];
    for (const worker of inTarget) platform.allowTargets(worker);
    platform.allowRemovals(this.emptyBuckets);
  }

  private worker(
    id: string,
    file: string,
    props: { readonly timeout?: Duration; readonly environment: Readonly<Record<string, string>> },
  ): Worker {
    return new Worker(this, id, { entry: join(__dirname, `${file}.handler.ts`), ...props });
  }
}
