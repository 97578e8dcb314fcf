import { Duration, Stack } from 'aws-cdk-lib';
import { BuildSpec, Cache, type CfnProject, LocalCacheMode, Project, Source } from 'aws-cdk-lib/aws-codebuild';
import type { Repository } from 'aws-cdk-lib/aws-ecr';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { AppConfig } from '../core/contracts/app-config';
import { ARCHITECTURE_VARIABLE, buildMachine, FLEET_VARIABLE, isOfAws } from '../core/contracts/build-machine';
import { keysOfBuilds } from '../core/contracts/keys';
import {
  BUILD_ROLE_VARIABLE,
  type BuildVpc,
  IMAGE_REPOSITORY_VARIABLE,
  projectRoleName,
  type StageBuild,
} from '../core/contracts/stage-build';
import {
  buildProjectName,
  cloneParameter,
  environmentPath,
  environmentSaltParameter,
} from '../core/contracts/stage-environment';
import { imageRepository, PUSH_IMAGES } from './image-repository';
import { packagerAsset } from './packager-asset';

export interface BuildProjectsProps {
  readonly apps: readonly AppConfig[];
  /** How each of their stages is built. */
  readonly builds: readonly StageBuild[];
  readonly artifacts: Bucket;
  /** Log group of all builds; each project has streams of its own in it. */
  readonly logs: LogGroup;
}

/**
 * The CodeBuild projects in which the packager runs, one for each configured stage of each app. Their source is the
 * packager; the packager checks out the app. What a build runs is the app's own code, so a project's role can reach
 * what is this app's and this stage's, and nothing else: no other's artifacts, environment, repository or log, and
 * never the power to deploy. A stage with Docker may also push images to its app's repository, where no image can be
 * put in the place of another. In the stage's target it acts as that stage's build role and no other. A stage is two
 * resources, for a stack holds 500: project, and role with its policy in it.
 */
export class BuildProjects extends Construct {
  private readonly packager: Asset;
  /** By app, where stages with Docker push images to. */
  private readonly images = new Map<string, Repository>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BuildProjectsProps,
  ) {
    super(scope, id);
    this.packager = packagerAsset(this, 'Packager');
    const apps = new Map(props.apps.map((app) => [app.app, app]));
    for (const app of new Set(props.builds.filter(({ machine }) => machine.docker).map(({ app }) => app)))
      this.images.set(app, imageRepository(this, apps.get(app)!));
    for (const build of props.builds) this.addProject(apps.get(build.app)!, build);
  }

  private addProject(config: AppConfig, build: StageBuild): void {
    const { app, stage, role: buildRole } = build;
    const name = buildProjectName(app, stage);
    const role = new Role(this, `Role-${name}`, {
      // The build role in the target trusts this name alone.
      roleName: projectRoleName(app, stage),
      description: `builds of stage ${stage} of ${app}`,
      assumedBy: new ServicePrincipal('codebuild.amazonaws.com'),
      inlinePolicies: { Build: new PolicyDocument({ statements: this.statements(config, build) }) },
    });
    const { architecture, compute, fleet } = build.machine;
    const images = this.imagesOf(build);
    // CodeBuild has no local cache on Lambda, nor in a network of one's own:
    // https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
    const isLambda = compute === 'lambda';
    const project = new Project(this, `Project-${name}`, {
      projectName: name,
      description: `Packages services of ${app} for stage ${stage}`,
      // Without what the construct would add to it: rights over reports, and over the packager's whole bucket.
      role: role.withoutPolicyUpdates(),
      grantReportGroupPermissions: false,
      source: Source.s3({ bucket: this.packager.bucket, path: this.packager.s3ObjectKey }),
      buildSpec: this.buildSpec(build),
      environmentVariables: {
        ...(buildRole && { [BUILD_ROLE_VARIABLE]: { value: buildRole } }),
        ...(images && { [IMAGE_REPOSITORY_VARIABLE]: { value: images.repositoryUri } }),
        ...(architecture && { [ARCHITECTURE_VARIABLE]: { value: architecture } }),
        // The fleet is named as a build starts: a project with a fleet could not start one elsewhere.
        ...(fleet && { [FLEET_VARIABLE]: { value: fleet } }),
      },
      ...(!isLambda && !build.vpc && { cache: Cache.local(LocalCacheMode.CUSTOM) }),
      // CodeBuild refuses both on Lambda, where a build has 15 minutes and waits in no queue.
      ...(!isLambda && {
        timeout: Duration.minutes(60),
        queuedTimeout: Duration.hours(8),
      }),
      logging: { cloudWatch: { logGroup: this.props.logs, prefix: logPrefix(app, stage) } },
    });
    const resource = project.node.defaultChild as CfnProject;
    for (const [key, value] of Object.entries(buildMachine(build.machine))) {
      resource.addPropertyOverride(`Environment.${key[0]!.toUpperCase()}${key.slice(1)}`, value);
    }
    if (build.vpc) {
      const { id: vpcId, subnets, securityGroups } = build.vpc;
      resource.vpcConfig = { vpcId, subnets: [...subnets], securityGroupIds: [...securityGroups] };
    }
  }

  private buildSpec({ machine: { compute, image } }: StageBuild): BuildSpec {
    if (compute === 'lambda') return BuildSpec.fromObject(ON_LAMBDA);
    if (image !== undefined && !isOfAws(image)) return BuildSpec.fromObject(IN_OWN_IMAGE);
    return BuildSpec.fromSourceFilename('buildspec.yml');
  }

  /** @returns where a stage pushes images to, if its builds have Docker */
  private imagesOf({ app, machine }: StageBuild): Repository | undefined {
    return machine.docker ? this.images.get(app) : undefined;
  }

  private statements({ app, repository }: AppConfig, build: StageBuild): PolicyStatement[] {
    const { stage, role, machine, vpc } = build;
    const images = this.imagesOf(build);
    const { artifacts, logs } = this.props;
    const { bucket, s3ObjectKey } = this.packager;
    const parameter = (name: string): string =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
    const environment = environmentPath({ app, stage });
    const keys = keysOfBuilds(app, stage);
    const within = (...patterns: readonly string[]): string[] => patterns.map((one) => artifacts.arnForObjects(one));
    return [
      allow(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects(s3ObjectKey)]),
      allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], [bucket.bucketArn]),
      allow(['s3:GetObject'], within(keys.bundles, keys.packages)),
      // A bundle is written once: not even a build of the same stage can change what was deployed.
      allow(['s3:PutObject'], within(keys.bundles), { Null: { 's3:if-none-match': 'false' } }),
      // Not `deployed.json`, nor what else workers write: what is deployed is theirs to say.
      allow(['s3:PutObject'], within(...keys.written)),
      allow(['s3:ListBucket'], [artifacts.bucketArn], {
        StringLike: { 's3:prefix': [keys.bundles, keys.packages] },
      }),
      ...(repository.provider === 'codecommit' ? [this.allowClone(repository.name)] : []),
      allow(['ssm:GetParametersByPath'], [parameter(environment), parameter(`${environment}/*`)]),
      allow(
        ['ssm:GetParameter'],
        [parameter(cloneParameter(app, stage)), parameter(environmentSaltParameter(app, stage))],
      ),
      ...(role ? [allow(['sts:AssumeRole'], [role])] : []),
      ...this.allowImage(machine.image),
      ...(images ? [allow(PUSH_IMAGES, [images.repositoryArn]), allow(['ecr:GetAuthorizationToken'], ['*'])] : []),
      ...(vpc ? this.allowNetwork(vpc) : []),
      // Whoever may create a stream gets an empty one; lines can be written to one's own only.
      allow(['logs:CreateLogStream'], [logs.logGroupArn]),
      allow(
        ['logs:PutLogEvents'],
        [
          Stack.of(this).formatArn({
            service: 'logs',
            resource: `log-group:${logs.logGroupName}:log-stream:${logPrefix(app, stage)}/*`,
          }),
        ],
      ),
    ];
  }

  /** Of AWS's own images and public ones anybody may fetch any. */
  private allowImage(image = ''): PolicyStatement[] {
    const [, account, region, resourceName] = ECR_IMAGE.exec(image) ?? [];
    if (resourceName === undefined) return [];
    const repository = Stack.of(this).formatArn({
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName,
    });
    return [
      allow(['ecr:GetAuthorizationToken'], ['*']),
      allow(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], [repository]),
    ];
  }

  /** docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html */
  private allowNetwork({ subnets }: BuildVpc): PolicyStatement[] {
    const arn = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({ service: 'ec2', resource, resourceName });
    return [
      allow(
        [
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeDhcpOptions',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
        ['*'],
      ),
      allow(['ec2:CreateNetworkInterfacePermission'], [arn('network-interface', '*')], {
        ArnEquals: { 'ec2:Subnet': subnets.map((subnet) => arn('subnet', subnet)) },
        StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
      }),
    ];
  }

  private allowClone(repository: string): PolicyStatement {
    return allow(['codecommit:GitPull'], [Stack.of(this).formatArn({ service: 'codecommit', resource: repository })]);
  }
}

/** CodeBuild refuses to choose runtimes in an image that is not its own. */
const IN_OWN_IMAGE = {
  version: '0.2',
  phases: { build: { commands: ['node packager.js'] } },
  cache: { paths: ['/root/.cache/**/*', '/root/.npm/**/*', '/root/.serverless/**/*'] },
};

/** On Lambda the image has its own runtimes, and nothing can be written but below /tmp. */
export const ON_LAMBDA = {
  version: '0.2',
  phases: { build: { commands: ['export HOME="${TMPDIR:-/tmp}" && node packager.js'] } },
};

/** The images of a private repository of ECR. */
const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.[\w.]+\/([\w./-]+?)(:[\w.-]+|@.*)?$/;

/** What the names of a stage's log streams begin with; the build's own number follows. */
const logPrefix = (app: string, stage: string): string => `${app}/${stage}`;

const allow = (
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, unknown>>,
): PolicyStatement => new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions });
