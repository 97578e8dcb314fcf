import { join } from 'node:path';
import type { Project } from 'aws-cdk-lib/aws-codebuild';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Env } from '../../lib/config/environment';
import type { PlatformResources } from '../../lib/infra/platform-resources';
import { WAIT_WORKER_TIMEOUT, Worker } from '../../lib/infra/worker';
import type { START_BUILD_ENV, WAIT_FOR_BUILD_ENV } from './env';

/** The workers of `build`: they start CodeBuild and wait for it. */
export class BuildWorkers extends Construct {
  readonly startBuild: Worker;
  readonly waitForBuild: Worker;

  constructor(scope: Construct, id: string, platform: PlatformResources, project: Project) {
    super(scope, id);
    const environment = { BUILD_PROJECT: project.projectName, ARTIFACT_BUCKET: platform.artifacts.bucketName };

    this.startBuild = new Worker(this, 'StartBuild', {
      entry: join(__dirname, 'start-build.handler.ts'),
      environment: environment satisfies Env<typeof START_BUILD_ENV>,
    });
    platform.grantSource(this.startBuild.function);
    this.allow(this.startBuild, project, 'codebuild:StartBuild');

    this.waitForBuild = new Worker(this, 'WaitForBuild', {
      entry: join(__dirname, 'wait-for-build.handler.ts'),
      timeout: WAIT_WORKER_TIMEOUT,
      environment: environment satisfies Env<typeof WAIT_FOR_BUILD_ENV>,
    });
    platform.artifacts.grantRead(this.waitForBuild.function, 'packages/*');
    this.allow(this.waitForBuild, project, 'codebuild:BatchGetBuilds');
  }

  private allow(worker: Worker, project: Project, action: string): void {
    worker.function.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [project.projectArn] }));
  }
}
