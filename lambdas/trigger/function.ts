import { join } from 'node:path';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/infra/platform-resources';
import { Worker } from '../../lib/infra/worker';
import type { TRIGGER_ENV } from './env';

/** The workers of `trigger`: pushes and calls become releases. */
export class TriggerWorkers extends Construct {
  readonly push: Worker;
  readonly start: Worker;

  constructor(
    scope: Construct,
    id: string,
    private readonly platform: PlatformResources,
  ) {
    super(scope, id);
    this.push = this.worker('Push', 'push');
    this.start = this.worker('Start', 'start');
  }

  private worker(id: string, file: string): Worker {
    const { platform } = this;
    const worker = new Worker(this, id, {
      entry: join(__dirname, `${file}.handler.ts`),
      environment: {
        STATE_TABLE: platform.stateTable.tableName,
        RELEASE_STATE_MACHINE: platform.releaseStateMachineArn,
      } satisfies Env<typeof TRIGGER_ENV>,
    });
    platform.allowState(worker);
    platform.allowSource(worker);
    platform.allowApps(worker);
    worker.allow(['states:StartExecution'], [platform.releaseStateMachineArn]);
    return worker;
  }
}
