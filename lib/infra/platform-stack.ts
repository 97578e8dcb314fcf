import { ArnFormat, CfnOutput, Stack, type StackProps, Token } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BuildWorkers } from '../../lambdas/build/function';
import { DeployWorkers } from '../../lambdas/deploy/function';
import { PlanWorkers } from '../../lambdas/plan/function';
import { RecordWorkers } from '../../lambdas/record/function';
import { RemovalWorkers } from '../../lambdas/remove/function';
import { ShiftWorkers } from '../../lambdas/shift/function';
import { TriggerWorkers } from '../../lambdas/trigger/function';
import type { ArtifactPart, PlatformResources } from '../constructs/platform-resources';
import { secretArn } from '../constructs/secret-arn';
import type { Worker } from '../constructs/worker';
import type { AppConfig } from '../core/contracts/app-config';
import { APP_PARAMETERS, REPOSITORY_PARAMETERS } from '../core/contracts/app-parameters';
import type { GitHubAccess } from '../core/contracts/github-secret';
import { OPEN_RELEASES_INDEX } from '../core/contracts/open-releases-index';
import { removalRoleOf, type Target } from '../core/contracts/release';
import { BUILD_PROJECT_PREFIX, cloneParameter, ENVIRONMENT_STAMPS } from '../core/contracts/stage-environment';
import type { WebhookNotification } from '../core/notices/webhook-notification';
import { artifactBucket } from './artifact-bucket';
import { SeedbedDashboard } from './dashboard';
import { GitHubWebhook } from './github-webhook';
import type { Lifetime } from './lifetime';
import { Notifications } from './notifications';
import { PushEvents } from './push-events';
import { Release } from './release';
import { ReleaseEvents } from './release-events';
import { ServiceRelease } from './service-release';
import { stateTable } from './state-table';

export interface PlatformStackProps extends StackProps, Lifetime {
  readonly apps: readonly AppConfig[];
  readonly gitHub: GitHubAccess;
  readonly webhooks: readonly WebhookNotification[];
}

/** The platform in its ops account: state, artifact repository, builds, workers and the two state machines. */
export class PlatformStack extends Stack implements PlatformResources {
  readonly stateTable: TableV2;
  readonly artifacts: Bucket;
  /** Where builds write their lines. */
  readonly buildLogs: LogGroup;
  readonly releaseStateMachineArn: string;
  readonly serviceReleaseStateMachineArn: string;
  private readonly apps: readonly AppConfig[];
  private readonly gitHub: GitHubAccess;

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    this.apps = props.apps;
    this.gitHub = props.gitHub;
    this.stateTable = stateTable(this, props);
    this.artifacts = artifactBucket(this, { ...props, readers: this.foreignDeployRoles() });
    this.releaseStateMachineArn = this.stateMachineArn(RELEASE);
    this.serviceReleaseStateMachineArn = this.stateMachineArn(SERVICE_RELEASE);
    this.buildLogs = new LogGroup(this, 'Builds', { retention: RetentionDays.THREE_MONTHS });

    const trigger = new TriggerWorkers(this, 'TriggerWorkers', this);
    const planning = new PlanWorkers(this, 'PlanWorkers', this);
    const building = new BuildWorkers(this, 'BuildWorkers', this);
    const deploying = new DeployWorkers(this, 'DeployWorkers', this);
    const shifting = new ShiftWorkers(this, 'ShiftWorkers', this);
    const removing = new RemovalWorkers(this, 'RemovalWorkers', this);
    const recording = new RecordWorkers(this, 'RecordWorkers', this);

    const serviceRelease = new ServiceRelease(this, 'ServiceRelease', {
      stateMachineName: SERVICE_RELEASE,
      workers: {
        startBuild: building.startBuild,
        waitForBuild: building.waitForBuild,
        takePackage: deploying.takePackage,
        decide: deploying.decide,
        startStackUpdate: deploying.startStackUpdate,
        waitForStack: deploying.waitForStack,
        readFunctions: deploying.readFunctions,
        prepareFunctions: deploying.prepareFunctions,
        waitForFunctions: deploying.waitForFunctions,
        restoreFunctions: deploying.restoreFunctions,
        startShift: shifting.startShift,
        waitForShift: shifting.waitForShift,
        stopShift: shifting.stopShift,
        moveAliases: shifting.moveAliases,
        putCodeBack: deploying.putCodeBack,
        record: recording.record,
        recordFailure: recording.recordFailure,
        prepareRemoval: removing.prepareRemoval,
        removeShifts: removing.removeShifts,
        emptyBuckets: removing.emptyBuckets,
        startStackDeletion: removing.startStackDeletion,
        verifyRemoval: removing.verifyRemoval,
        recordRemoval: removing.recordRemoval,
      },
    });
    const release = new Release(this, 'Release', {
      stateMachineName: RELEASE,
      plan: planning.plan,
      finish: recording.finish,
      startBuild: building.startBuild,
      waitForBuild: building.waitForBuild,
      serviceRelease: serviceRelease.stateMachine,
    });
    new PushEvents(this, 'PushEvents', {
      repositoryArns: this.repositoryArns(),
      push: trigger.push,
      reconcile: trigger.reconcile,
    });
    // Without a repository there nothing is open to the world.
    if (this.usesGitHub()) {
      const { url } = new GitHubWebhook(this, 'GitHubWebhook', { webhook: trigger.webhook });
      this.output('GitHubWebhookUrl', url);
      trigger.doctor.function.addEnvironment('WEBHOOK_URL', url);
    }
    new ReleaseEvents(this, 'ReleaseEvents', {
      release: release.stateMachine,
      finish: recording.finish,
      sweep: recording.sweep,
    });

    const notifications = new Notifications(this, 'Notifications', { platform: this, webhooks: props.webhooks });
    new SeedbedDashboard(this, 'Dashboard', {
      name: this.stackName,
      workers: `${this.stackName}-`,
      untold: notifications.untold,
      alarms: [notifications.untoldAlarm],
    });

    this.output('ReleasesTopic', notifications.topic.topicArn);
    this.output('StateTable', this.stateTable.tableName);
    this.output('ArtifactBucket', this.artifacts.bucketName);
    this.output('StartRelease', trigger.start.function.functionName);
    this.output('Doctor', trigger.doctor.function.functionName);
    this.output('StartRollback', trigger.rollback.function.functionName);
    this.output('PreviewRelease', planning.preview.function.functionName);
    this.output('Reconcile', trigger.reconcile.function.functionName);
    this.output('RemoveStage', trigger.remove.function.functionName);
    this.output('CancelRelease', trigger.cancel.function.functionName);
    this.output('ReleaseStateMachine', release.stateMachine.stateMachineArn);
    this.output('ServiceReleaseStateMachine', serviceRelease.stateMachine.stateMachineArn);
    this.output('BuildLogs', this.buildLogs.logGroupName);
  }

  allowReadingState(worker: Worker): void {
    worker.allow(['dynamodb:GetItem', 'dynamodb:Query'], [this.stateTable.tableArn]);
  }

  allowState(worker: Worker): void {
    this.allowReadingState(worker);
    worker.allow(
      ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [this.stateTable.tableArn],
    );
  }

  allowOpenReleases(worker: Worker): void {
    worker.allow(['dynamodb:Scan'], [`${this.stateTable.tableArn}/index/${OPEN_RELEASES_INDEX.name}`]);
  }

  allowReading(worker: Worker, ...parts: readonly ArtifactPart[]): void {
    worker.allow(
      ['s3:GetObject'],
      parts.map((part) => this.artifacts.arnForObjects(`${part}/*`)),
    );
    // Without it S3 answers "forbidden" for an object that is missing.
    worker.allow(['s3:ListBucket'], [this.artifacts.bucketArn]);
  }

  allowWritingPackages(worker: Worker): void {
    worker.allow(['s3:PutObject'], [this.artifacts.arnForObjects('packages/*')]);
  }

  allowSource(worker: Worker): void {
    this.allowGitHub(worker);
    const repositories = this.repositoryArns();
    if (repositories.length === 0) return;
    worker.allow(
      [
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:GetDifferences',
        'codecommit:GetFile',
        'codecommit:GetFolder',
        'codecommit:ListBranches',
        'codecommit:GetRepository',
      ],
      repositories,
    );
  }

  allowGitHub(worker: Worker): void {
    worker.function.addEnvironment('GITHUB_API_URL', this.gitHub.apiUrl);
    worker.function.addEnvironment('GITHUB_SECRET', this.gitHub.secret);
    if (!this.usesGitHub()) return;
    worker.allow(['secretsmanager:GetSecretValue'], [secretArn(this, this.gitHub.secret)]);
  }

  allowCloneCredentials(worker: Worker): void {
    const parameters = this.apps
      .filter(({ repository }) => repository.provider === 'github')
      .map(({ app }) => this.parameterArn(cloneParameter(app, '*')));
    if (parameters.length > 0) worker.allow(['ssm:GetParameter', 'ssm:PutParameter'], parameters);
  }

  allowApps(worker: Worker): void {
    const parameters = [APP_PARAMETERS, `${APP_PARAMETERS}/*`, `${REPOSITORY_PARAMETERS}/*`];
    worker.allow(
      ['ssm:GetParameter', 'ssm:GetParametersByPath'],
      parameters.map((name) => this.parameterArn(name)),
    );
  }

  allowEvents(worker: Worker): void {
    const bus = this.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    worker.allow(['events:PutEvents'], [bus]);
  }

  allowBuilds(worker: Worker, ...actions: readonly ('StartBuild' | 'BatchGetBuilds' | 'StopBuild')[]): void {
    const projects = { service: 'codebuild', resource: 'project', resourceName: `${BUILD_PROJECT_PREFIX}*` };
    worker.allow(
      actions.map((action) => `codebuild:${action}`),
      [this.formatArn(projects)],
    );
  }

  allowEnvironmentStamps(worker: Worker): void {
    worker.allow(['ssm:GetParameters'], [this.parameterArn(`${ENVIRONMENT_STAMPS}/*`)]);
  }

  allowTargets(worker: Worker): void {
    const targets = this.deployRoles();
    if (targets.length > 0) worker.allow(['sts:AssumeRole'], targets);
  }

  allowRemovals(worker: Worker): void {
    const roles = this.targets().map(removalRoleOf);
    if (roles.length > 0) worker.allow(['sts:AssumeRole'], [...new Set(roles)].sort());
  }

  private targets(): Target[] {
    return this.apps.flatMap(({ stages }) => Object.values(stages).map(({ target }) => target));
  }

  private usesGitHub(): boolean {
    return this.apps.some(({ repository }) => repository.provider === 'github');
  }

  private deployRoles(): string[] {
    return [...new Set(this.targets().map(({ deployRoleArn }) => deployRoleArn))].sort();
  }

  private foreignDeployRoles(): string[] {
    return this.deployRoles().filter((role) => role.split(':')[4] !== this.account && !Token.isUnresolved(role));
  }

  private parameterArn(name: string): string {
    return this.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
  }

  private repositoryArns(): string[] {
    return this.apps
      .filter(({ repository }) => repository.provider === 'codecommit')
      .map(({ repository }) => this.formatArn({ service: 'codecommit', resource: repository.name }));
  }

  private stateMachineArn(name: string): string {
    return this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}

const RELEASE = 'Seedbed-Release';
const SERVICE_RELEASE = 'Seedbed-ServiceRelease';
