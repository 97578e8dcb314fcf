import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { Worker } from '../../lib/constructs/worker';
import { ENVIRONMENT_PARAMETERS, ENVIRONMENT_STAMPS } from '../../lib/core/contracts/stage-environment';
import type { FINISH_ENV, RECORD_ENV, RECORD_FAILURE_ENV, SWEEP_ENV } from './env';

/** The workers of `record`: they keep what came of services and releases, free locks and start what waits. */
export class RecordWorkers extends Construct {
  readonly record: Worker;
  readonly recordFailure: Worker;
  readonly finish: Worker;
  readonly sweep: Worker;

  constructor(
    scope: Construct,
    id: string,
    private readonly platform: PlatformResources,
  ) {
    super(scope, id);
    const STATE_TABLE = platform.stateTable.tableName;
    const ARTIFACT_BUCKET = platform.artifacts.bucketName;
    const stateMachines = {
      RELEASE_STATE_MACHINE: platform.releaseStateMachineArn,
      SERVICE_RELEASE_STATE_MACHINE: platform.serviceReleaseStateMachineArn,
    };
    this.record = this.worker('Record', 'record', {
      STATE_TABLE,
      ARTIFACT_BUCKET,
    } satisfies Env<typeof RECORD_ENV>);
    platform.allowReading(this.record, 'packages');
    platform.allowWritingPackages(this.record);
    platform.allowTargets(this.record);

    this.recordFailure = this.worker('RecordFailure', 'record-failure', {
      STATE_TABLE,
      ARTIFACT_BUCKET,
    } satisfies Env<typeof RECORD_FAILURE_ENV>);
    platform.allowReading(this.recordFailure, 'packages');
    platform.allowWritingPackages(this.recordFailure);

    this.finish = this.worker('Finish', 'finish', { STATE_TABLE, ARTIFACT_BUCKET, ...stateMachines } satisfies Env<
      typeof FINISH_ENV
    >);
    this.sweep = this.worker('Sweep', 'sweep', { STATE_TABLE, ARTIFACT_BUCKET, ...stateMachines } satisfies Env<
      typeof SWEEP_ENV
    >);
    for (const worker of [this.finish, this.sweep]) {
      this.allowExecutions(worker);
      // They undo what a stopped execution left of a service.
      platform.allowReading(worker, 'packages', 'bundles');
      platform.allowTargets(worker);
      // And the builds that nobody waits for any more.
      platform.allowBuilds(worker, 'StopBuild');
      // And what a made stage had of its own, when it is removed.
      const own = [ENVIRONMENT_PARAMETERS, ENVIRONMENT_STAMPS].map((path) => `${path.slice(1)}/*/*/made/*`);
      worker.allow(
        ['ssm:DeleteParameters', 'ssm:GetParametersByPath'],
        own.map((resourceName) => Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName })),
      );
    }
    platform.allowApps(this.sweep);
    platform.allowOpenReleases(this.sweep);
  }

  private worker(id: string, file: string, environment: Readonly<Record<string, string>>): Worker {
    const worker = new Worker(this, id, {
      entry: join(__dirname, `${file}.handler.ts`),
      // Of a release that was stopped, `Finish` waits for CodeDeploy.
      timeout: Duration.minutes(3),
      environment,
    });
    this.platform.allowState(worker);
    return worker;
  }

  /** They start the next release, and stop what a dead one left running. */
  private allowExecutions(worker: Worker): void {
    const { releaseStateMachineArn, serviceReleaseStateMachineArn } = this.platform;
    const executions = (stateMachine: string): string => `${stateMachine.replace(':stateMachine:', ':execution:')}:*`;
    worker.allow(['states:StartExecution'], [releaseStateMachineArn]);
    worker.allow(
      ['states:DescribeExecution', 'states:StopExecution'],
      [executions(releaseStateMachineArn), executions(serviceReleaseStateMachineArn)],
    );
    this.platform.allowEvents(worker);
  }
}
