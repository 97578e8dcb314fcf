import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/infra/platform-resources';
import { Worker } from '../../lib/infra/worker';
import type { MOVE_ALIASES_ENV } from './env';

/** The worker of `shift`. */
export class ShiftWorkers extends Construct {
  readonly moveAliases: Worker;

  constructor(scope: Construct, id: string, platform: PlatformResources) {
    super(scope, id);
    this.moveAliases = new Worker(this, 'MoveAliases', {
      entry: join(__dirname, 'move-aliases.handler.ts'),
      timeout: Duration.minutes(5),
      environment: { ARTIFACT_BUCKET: platform.artifacts.bucketName } satisfies Env<typeof MOVE_ALIASES_ENV>,
    });
    platform.allowTargets(this.moveAliases);
  }
}
