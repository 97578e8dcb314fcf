import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { WAIT_WORKER_TIMEOUT, Worker } from '../../lib/constructs/worker';
import type { SHIFT_ENV } from './env';

/** The workers of `shift`: they move aliases in the target, themselves or by CodeDeploy, as its deploy role. */
export class ShiftWorkers extends Construct {
  readonly startShift: Worker;
  readonly waitForShift: Worker;
  readonly stopShift: Worker;
  readonly moveAliases: Worker;

  constructor(
    scope: Construct,
    id: string,
    private readonly platform: PlatformResources,
  ) {
    super(scope, id);
    // As many deployments as functions, as fast as CodeDeploy takes them.
    this.startShift = this.worker('StartShift', 'start-shift', Duration.minutes(5));
    this.waitForShift = this.worker('WaitForShift', 'wait-for-shift', WAIT_WORKER_TIMEOUT);
    this.stopShift = this.worker('StopShift', 'stop-shift', WAIT_WORKER_TIMEOUT);
    this.moveAliases = this.worker('MoveAliases', 'move-aliases', Duration.minutes(5));
    platform.allowReading(this.startShift, 'packages');
  }

  private worker(id: string, file: string, timeout: Duration): Worker {
    const worker = new Worker(this, id, {
      entry: join(__dirname, `${file}.handler.ts`),
      timeout,
      environment: { ARTIFACT_BUCKET: this.platform.artifacts.bucketName } satisfies Env<typeof SHIFT_ENV>,
    });
    this.platform.allowTargets(worker);
    return worker;
  }
}
