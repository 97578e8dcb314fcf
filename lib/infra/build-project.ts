import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import {
  BuildSpec,
  Cache,
  ComputeType,
  LinuxArmBuildImage,
  LocalCacheMode,
  Project,
  Source,
} from 'aws-cdk-lib/aws-codebuild';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { bundlePackager } from '../../buildspec/bundle';
import { bundledLocally } from './bundled-locally';

export interface BuildProjectProps {
  readonly artifacts: Bucket;
  /** ARNs of the CodeCommit repositories that builds may clone. */
  readonly repositoryArns: readonly string[];
}

/**
 * The CodeBuild project in which the packager runs. Its source is the packager; the packager checks out the app. Its role
 * can read the connected repositories and write artifacts and logs: a build never holds the power to deploy.
 */
export class BuildProject extends Construct {
  readonly project: Project;

  constructor(scope: Construct, id: string, { artifacts, repositoryArns }: BuildProjectProps) {
    super(scope, id);
    const packager = new Asset(this, 'Packager', {
      path: join(__dirname, '../../buildspec'),
      ...bundledLocally(bundlePackager),
    });

    this.project = new Project(this, 'Project', {
      description: 'Packages one service of one commit for Seedbed',
      source: Source.s3({ bucket: packager.bucket, path: packager.s3ObjectKey }),
      buildSpec: BuildSpec.fromSourceFilename('buildspec.yml'),
      environment: { buildImage: LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0, computeType: ComputeType.LARGE },
      cache: Cache.local(LocalCacheMode.CUSTOM),
      timeout: Duration.minutes(60),
      queuedTimeout: Duration.hours(2),
      logging: { cloudWatch: { logGroup: new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS }) } },
    });
    const allow = (actions: string[], resources: string[]): void =>
      this.project.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));
    allow(
      ['s3:GetObject', 's3:PutObject'],
      [artifacts.arnForObjects('bundles/*'), artifacts.arnForObjects('packages/*')],
    );
    allow(['s3:ListBucket'], [artifacts.bucketArn]);
    if (repositoryArns.length > 0) allow(['codecommit:GitPull'], [...repositoryArns]);
  }
}
