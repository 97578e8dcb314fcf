import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/constructs/platform-resources';
import { Worker } from '../../lib/constructs/worker';
import type { PLAN_ENV, PREVIEW_ENV } from './env';

/** The workers of `plan`: one for releases, one that only tells. */
export class PlanWorkers extends Construct {
  readonly plan: Worker;
  readonly preview: Worker;

  constructor(scope: Construct, id: string, platform: PlatformResources) {
    super(scope, id);
    this.plan = new Worker(this, 'Plan', {
      entry: join(__dirname, 'plan.handler.ts'),
      // Trees of 100,000 files are read and compared here.
      timeout: Duration.minutes(2),
      memorySize: 1024,
      environment: {
        STATE_TABLE: platform.stateTable.tableName,
        ARTIFACT_BUCKET: platform.artifacts.bucketName,
      } satisfies Env<typeof PLAN_ENV>,
    });
    platform.allowState(this.plan);
    platform.allowSource(this.plan);
    platform.allowCloneCredentials(this.plan);
    platform.allowEnvironmentStamps(this.plan);
    // Before a rollback moves anything, all that it needs is looked for: packages, bundles, versions.
    platform.allowReading(this.plan, 'packages', 'bundles');
    platform.allowTargets(this.plan);

    this.preview = new Worker(this, 'Preview', {
      entry: join(__dirname, 'preview.handler.ts'),
      timeout: Duration.minutes(2),
      memorySize: 1024,
      environment: { STATE_TABLE: platform.stateTable.tableName } satisfies Env<typeof PREVIEW_ENV>,
    });
    platform.allowReadingState(this.preview);
    platform.allowApps(this.preview);
    platform.allowEnvironmentStamps(this.preview);
    platform.allowSource(this.preview);
  }
}
