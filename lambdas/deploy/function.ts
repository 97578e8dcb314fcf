import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { WAIT_WORKER_TIMEOUT, Worker } from '../../lib/constructs/worker';
import type {
  DECIDE_ENV,
  PREPARE_FUNCTIONS_ENV,
  PUT_CODE_BACK_ENV,
  READ_FUNCTIONS_ENV,
  RESTORE_FUNCTIONS_ENV,
  START_STACK_UPDATE_ENV,
  TAKE_PACKAGE_ENV,
  WAIT_FOR_FUNCTIONS_ENV,
  WAIT_FOR_STACK_ENV,
} from './env';

/** The workers of `deploy`: they decide, and update stacks and functions in the target as its deploy role. */
export class DeployWorkers extends Construct {
  readonly takePackage: Worker;
  readonly decide: Worker;
  readonly startStackUpdate: Worker;
  readonly waitForStack: Worker;
  readonly readFunctions: Worker;
  readonly prepareFunctions: Worker;
  readonly waitForFunctions: Worker;
  readonly putCodeBack: Worker;
  readonly restoreFunctions: Worker;

  constructor(
    scope: Construct,
    id: string,
    private readonly platform: PlatformResources,
  ) {
    super(scope, id);
    const STATE_TABLE = platform.stateTable.tableName;
    const ARTIFACT_BUCKET = platform.artifacts.bucketName;

    this.takePackage = new Worker(this, 'TakePackage', {
      entry: join(__dirname, 'take-package.handler.ts'),
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof TAKE_PACKAGE_ENV>,
    });
    this.decide = this.worker('Decide', 'decide', {
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof DECIDE_ENV>,
    });
    this.startStackUpdate = this.worker('StartStackUpdate', 'start-stack-update', {
      // The functions of a stack that is adopted are published first, as fast as Lambda lets us.
      timeout: Duration.minutes(2),
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof START_STACK_UPDATE_ENV>,
    });
    this.waitForStack = this.worker('WaitForStack', 'wait-for-stack', {
      timeout: WAIT_WORKER_TIMEOUT,
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof WAIT_FOR_STACK_ENV>,
    });
    this.readFunctions = this.worker('ReadFunctions', 'read-functions', {
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof READ_FUNCTIONS_ENV>,
    });
    this.prepareFunctions = this.worker('PrepareFunctions', 'prepare-functions', {
      timeout: Duration.minutes(2),
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof PREPARE_FUNCTIONS_ENV>,
    });
    this.waitForFunctions = this.worker('WaitForFunctions', 'wait-for-functions', {
      timeout: WAIT_WORKER_TIMEOUT,
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof WAIT_FOR_FUNCTIONS_ENV>,
    });
    this.putCodeBack = this.worker('PutCodeBack', 'put-code-back', {
      timeout: Duration.minutes(5),
      environment: { ARTIFACT_BUCKET } satisfies Env<typeof PUT_CODE_BACK_ENV>,
    });
    this.restoreFunctions = this.worker('RestoreFunctions', 'restore-functions', {
      timeout: Duration.minutes(5),
      environment: { STATE_TABLE, ARTIFACT_BUCKET } satisfies Env<typeof RESTORE_FUNCTIONS_ENV>,
    });

    platform.allowState(this.decide);
    for (const worker of [this.takePackage, this.startStackUpdate, this.readFunctions, this.restoreFunctions]) {
      platform.allowReadingState(worker);
    }
    for (const worker of [
      this.takePackage,
      this.decide,
      this.startStackUpdate,
      this.readFunctions,
      this.putCodeBack,
      this.restoreFunctions,
    ]) {
      platform.allowReading(worker, 'packages');
    }
    // Every bundle must be there before anything is touched; a refused one is looked at once more.
    for (const worker of [this.startStackUpdate, this.prepareFunctions, this.putCodeBack]) {
      platform.allowReading(worker, 'bundles');
    }
    for (const worker of [this.takePackage, this.startStackUpdate]) platform.allowWritingPackages(worker);
  }

  private worker(
    id: string,
    file: string,
    props: { readonly timeout?: Duration; readonly environment: Readonly<Record<string, string>> },
  ): Worker {
    const worker = new Worker(this, id, { entry: join(__dirname, `${file}.handler.ts`), ...props });
    this.platform.allowTargets(worker);
    return worker;
  }
}
