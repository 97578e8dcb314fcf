import { ArnFormat, CfnOutput, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUILD_WORKERS } from '../../lambdas/build/workers';
import { DEPLOY_WORKERS } from '../../lambdas/deploy/workers';
import { DOOR_WORKERS } from '../../lambdas/door/workers';
import { PLAN_WORKERS } from '../../lambdas/plan/workers';
import { RECORD_WORKERS } from '../../lambdas/record/workers';
import { REMOVAL_WORKERS } from '../../lambdas/remove/workers';
import { SHIFT_WORKERS } from '../../lambdas/shift/workers';
import { TRIGGER_WORKERS } from '../../lambdas/trigger/workers';
import { WATCH_WORKERS } from '../../lambdas/watch/workers';
import type { AlarmSettings } from '../config/alarms';
import { ConnectedApps } from '../constructs/connected-apps';
import { PlatformRights } from '../constructs/platform-rights';
import type { Worker } from '../constructs/worker';
import { Workers } from '../constructs/workers';
import type { AppConfig } from '../core/contracts/app-config';
import { CALLED_WORKERS, calledWorkerOutputs } from '../core/contracts/called-workers';
import { type DoorCall, doorCalls } from '../core/contracts/door';
import type { GitHubAccess } from '../core/contracts/github-secret';
import type { WorkerDeclarations } from '../core/contracts/worker-declaration';
import type { WebhookNotification } from '../core/notices/webhook-notification';
import { Alarms } from './alarms';
import { artifactBucket } from './artifact-bucket';
import { callsTable } from './calls-table';
import { SeedbedDashboard } from './dashboard';
import { Door } from './door';
import { GitHubWebhook, type WebhookLimits } from './github-webhook';
import type { Lifetime } from './lifetime';
import { Notifications } from './notifications';
import { PushEvents } from './push-events';
import { Release } from './release';
import { ReleaseEvents } from './release-events';
import { ServiceRelease } from './service-release';
import { checkLimits } from './stack-limits';
import { stateTable } from './state-table';
import { VersionPruning } from './version-pruning';
import { Watcher } from './watcher';
import { workersCode } from './workers-code';

export interface PlatformStackProps extends StackProps, Lifetime {
  readonly apps: readonly AppConfig[];
  readonly gitHub: GitHubAccess;
  readonly webhookLimits: WebhookLimits;
  readonly webhooks: readonly WebhookNotification[];
  readonly alarms: AlarmSettings;
  /** Name of the state table, if it is not the one that this stack makes. */
  readonly restoredTable?: string;
}

/** The platform in its ops account: state, artifact repository, workers and the two state machines. */
export class PlatformStack extends Stack {
  readonly artifacts: Bucket;
  /** Where builds write their lines. */
  readonly buildLogs: LogGroup;

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, { ...props, suppressTemplateIndentation: true });
    checkLimits(this);
    const apps = new ConnectedApps(props.apps, this);
    const [state, calls] = [stateTable(this, props), callsTable(this)];
    const readers = apps.bundleReaders.filter((role) => this.isForeign(role));
    this.artifacts = artifactBucket(this, { ...props, readers });
    this.buildLogs = new LogGroup(this, 'Builds', { retention: RetentionDays.THREE_MONTHS });

    // The workers, step by step, with the rights that they declare.
    const rights = new PlatformRights({
      stack: this,
      apps,
      gitHub: props.gitHub,
      stateTable: state,
      callsTable: calls,
      artifacts: this.artifacts,
      releaseStateMachineArn: this.stateMachineArn(RELEASE),
      serviceReleaseStateMachineArn: this.stateMachineArn(SERVICE_RELEASE),
      watcherStateMachineArn: this.stateMachineArn(WATCHER),
    });
    const variables = {
      STATE_TABLE: state.tableName,
      CALLS_TABLE: calls.tableName,
      ARTIFACT_BUCKET: this.artifacts.bucketName,
      RELEASE_STATE_MACHINE: this.stateMachineArn(RELEASE),
      SERVICE_RELEASE_STATE_MACHINE: this.stateMachineArn(SERVICE_RELEASE),
      WATCHER_STATE_MACHINE: this.stateMachineArn(WATCHER),
      GITHUB_API_URL: props.gitHub.apiUrl,
      GITHUB_SECRET: props.gitHub.secret,
      // Until there is a webhook: without a repository at GitHub there is none.
      WEBHOOK_URL: '-',
    };
    const code = workersCode();
    const workersOf = <Declarations extends WorkerDeclarations>(group: string, declarations: Declarations) =>
      new Workers(this, group, { declarations, code, variables, rights }).all;
    const asked = workersOf('DoorWorkers', DOOR_WORKERS);
    const trigger = workersOf('TriggerWorkers', TRIGGER_WORKERS);
    const plan = workersOf('PlanWorkers', PLAN_WORKERS);
    const build = workersOf('BuildWorkers', BUILD_WORKERS);
    const deploy = workersOf('DeployWorkers', DEPLOY_WORKERS);
    const shift = workersOf('ShiftWorkers', SHIFT_WORKERS);
    const watch = workersOf('WatchWorkers', WATCH_WORKERS);
    const removal = workersOf('RemovalWorkers', REMOVAL_WORKERS);
    const record = workersOf('RecordWorkers', RECORD_WORKERS);

    // What the workers do, one after the other.
    const serviceRelease = new ServiceRelease(this, 'ServiceRelease', {
      stateMachineName: SERVICE_RELEASE,
      workers: { ...build, ...deploy, ...shift, ...removal, ...record },
      stateTable: state,
    });
    const watcher = new Watcher(this, 'Watcher', { stateMachineName: WATCHER, watch: watch.watch });
    const release = new Release(this, 'Release', {
      stateMachineName: RELEASE,
      workers: { ...plan, ...build, ...record },
      serviceRelease: serviceRelease.stateMachine,
      watcher: watcher.stateMachine,
      stateTable: state,
    });

    // How people and programs reach it.
    const door = new Door(this, 'Door', {
      workers: answering([
        [DOOR_WORKERS, asked],
        [TRIGGER_WORKERS, trigger],
        [PLAN_WORKERS, plan],
      ]),
    });

    // What begins and ends it.
    const pushes = new PushEvents(this, 'PushEvents', {
      repositoryArns: apps.codeCommitRepositories,
      push: trigger.push,
      reconcile: trigger.reconcile,
    });
    // Without a repository there nothing is open to the world.
    const webhook = apps.useGitHub
      ? new GitHubWebhook(this, 'GitHubWebhook', { webhook: trigger.webhook, limits: props.webhookLimits })
      : undefined;
    if (webhook) {
      this.output('GitHubWebhookUrl', webhook.url);
      trigger.doctor.function.addEnvironment('WEBHOOK_URL', webhook.url);
    }
    const ends = new ReleaseEvents(this, 'ReleaseEvents', {
      release: release.stateMachine,
      finish: record.finish,
      sweep: record.sweep,
    });

    const pruning = new VersionPruning(this, 'VersionPruning', { prune: record.prune });

    // What people see of it.
    const notifications = new Notifications(this, 'Notifications', {
      stateTable: state,
      webhooks: props.webhooks,
      code,
      variables,
      rights,
    });
    const called = { ...pushes.called, ...ends.called, ...pruning.called, ...notifications.called };
    const alarms = new Alarms(this, 'Alarms', {
      settings: props.alarms,
      called,
      door: door.stage,
      ...(webhook && { webhook: { worker: trigger.webhook, stage: webhook.stage } }),
      stateMachines: { release: release.stateMachine, serviceRelease: serviceRelease.stateMachine },
      others: { untold: notifications.untoldAlarm, storage: pruning.storageAlarm },
    });
    new SeedbedDashboard(this, 'Dashboard', {
      name: this.stackName,
      workers: `${this.stackName}-`,
      untold: notifications.untold,
      alarms: alarms.all,
    });

    // What the command line finds it by.
    this.output('ReleasesTopic', notifications.topic.topicArn);
    this.output('AlarmsTopic', alarms.topic.topicArn);
    this.output('DoorUrl', door.url);
    this.output('DoorArn', door.arn);
    this.output('StateTable', state.tableName);
    this.output('ArtifactBucket', this.artifacts.bucketName);
    this.output('Reconcile', trigger.reconcile.function.functionName);
    this.output('ReleaseStateMachine', release.stateMachine.stateMachineArn);
    this.output('ServiceReleaseStateMachine', serviceRelease.stateMachine.stateMachineArn);
    this.output('WatcherStateMachine', watcher.stateMachine.stateMachineArn);
    this.output('BuildLogs', this.buildLogs.logGroupName);
    for (const key of CALLED_WORKERS) {
      const { functionName, queueUrl } = calledWorkerOutputs(key);
      this.output(functionName, called[key].worker.function.functionName);
      this.output(queueUrl, called[key].queue.queueUrl);
    }
  }

  /** Whether a role is surely another account's. */
  private isForeign(role: string): boolean {
    return role.split(':')[4] !== this.account && !Token.isUnresolved(role);
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

/** @returns which worker answers each call of the door, of all that declare any. */
function answering(
  groups: readonly (readonly [WorkerDeclarations, Readonly<Record<string, Worker>>])[],
): Readonly<Record<DoorCall, Worker>> {
  const pairs = groups.flatMap(([declarations, workers]) =>
    Object.entries(declarations).flatMap(([key, { calls = [] }]) =>
      calls.map((call) => [call, workers[key]!] as const),
    ),
  );
  const found = Object.fromEntries(pairs) as Readonly<Record<DoorCall, Worker>>;
  const missing = doorCalls().filter((call) => !Object.hasOwn(found, call));
  if (missing.length > 0) throw new Error(`no worker declares that it answers ${missing.join(', ')}`);
  return found;
}

const RELEASE = 'Seedbed-Release';
const SERVICE_RELEASE = 'Seedbed-ServiceRelease';
const WATCHER = 'Seedbed-Watcher';
