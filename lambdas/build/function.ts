import { join } from 'node:path';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { WAIT_WORKER_TIMEOUT, Worker } from '../../lib/constructs/worker';
import type { START_BUILD_ENV, WAIT_FOR_BUILD_ENV } from './env';

/** The workers of `build`: they start CodeBuild and wait for it. */
export class BuildWorkers extends Construct {
  readonly startBuild: Worker;
  readonly waitForBuild: Worker;

  constructor(scope: Construct, id: string, platform: PlatformResources) {
    super(scope, id);
    const environment = { ARTIFACT_BUCKET: platform.artifacts.bucketName };

    this.startBuild = new Worker(this, 'StartBuild', {
      entry: join(__dirname, 'start-build.handler.ts'),
      environment: { ...environment, STATE_TABLE: platform.stateTable.tableName } satisfies Env<typeof START_BUILD_ENV>,
    });
    platform.allowSource(this.startBuild);
    platform.allowCloneCredentials(this.startBuild);
    platform.allowReadingState(this.startBuild);
    this.startBuild.allow(['dynamodb:PutItem'], [platform.stateTable.tableArn]);
    platform.allowWritingPackages(this.startBuild);
    platform.allowBuilds(this.startBuild, 'StartBuild');
    // A hook after a deployment gets the outputs that the service's stack has now.
    platform.allowTargets(this.startBuild);

    this.waitForBuild = new Worker(this, 'WaitForBuild', {
      entry: join(__dirname, 'wait-for-build.handler.ts'),
      timeout: WAIT_WORKER_TIMEOUT,
      environment: environment satisfies Env<typeof WAIT_FOR_BUILD_ENV>,
    });
    platform.allowReading(this.waitForBuild, 'packages');
    platform.allowBuilds(this.waitForBuild, 'BatchGetBuilds');
  }
}
