import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { Worker, type WorkerProps } from '../../lib/constructs/worker';
import type { DOCTOR_ENV, ROLLBACK_ENV, TRIGGER_ENV } from './env';

/** The workers of `trigger`: pushes and calls become releases. */
export class TriggerWorkers extends Construct {
  readonly push: Worker;
  readonly start: Worker;
  readonly rollback: Worker;
  readonly cancel: Worker;
  readonly doctor: Worker;
  readonly remove: Worker;
  readonly webhook: Worker;
  readonly reconcile: Worker;

  constructor(
    scope: Construct,
    id: string,
    private readonly platform: PlatformResources,
  ) {
    super(scope, id);
    const environment = {
      STATE_TABLE: platform.stateTable.tableName,
      RELEASE_STATE_MACHINE: platform.releaseStateMachineArn,
    } satisfies Env<typeof TRIGGER_ENV>;
    this.push = this.worker('Push', 'push', { environment });
    this.start = this.worker('Start', 'start', { environment });
    // GitHub gives up after ten seconds; what it waits for no longer is done all the same.
    this.webhook = this.worker('Webhook', 'webhook', { environment });
    // It looks at all repositories, whatever their number, and at those of GitHub as long as that lets it.
    this.reconcile = this.worker('Reconcile', 'reconcile', { environment, timeout: Duration.minutes(5) });
    for (const worker of [this.push, this.start, this.webhook, this.reconcile]) platform.allowSource(worker);

    this.rollback = this.worker('Rollback', 'rollback', {
      // The versions of all functions that would move are looked at.
      timeout: Duration.minutes(2),
      environment: {
        ...environment,
        ARTIFACT_BUCKET: platform.artifacts.bucketName,
      } satisfies Env<typeof ROLLBACK_ENV>,
    });
    platform.allowReading(this.rollback, 'packages', 'bundles');
    platform.allowTargets(this.rollback);
    // What runs makes way for a rollback.
    const executions = [`${platform.releaseStateMachineArn.replace(':stateMachine:', ':execution:')}:*`];
    this.rollback.allow(['states:StopExecution'], executions);

    this.cancel = this.worker('Cancel', 'cancel', { environment });
    this.cancel.allow(['states:DescribeExecution', 'states:StopExecution'], executions);

    this.doctor = new Worker(this, 'Doctor', {
      entry: join(__dirname, 'doctor.handler.ts'),
      // Some twenty calls, of which those that would write come a second apart.
      timeout: Duration.minutes(1),
      // Without a repository on GitHub there is no webhook.
      environment: { WEBHOOK_URL: '-' } satisfies Env<typeof DOCTOR_ENV>,
    });
    platform.allowApps(this.doctor);
    platform.allowSource(this.doctor);

    this.remove = this.worker('Remove', 'remove', { environment });
  }

  private worker(id: string, file: string, props: Omit<WorkerProps, 'entry'>): Worker {
    const { platform } = this;
    const worker = new Worker(this, id, { entry: join(__dirname, `${file}.handler.ts`), ...props });
    platform.allowState(worker);
    platform.allowApps(worker);
    worker.allow(['states:StartExecution'], [platform.releaseStateMachineArn]);
    platform.allowEvents(worker);
    return worker;
  }
}
