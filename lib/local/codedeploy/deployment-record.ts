import { createHash, randomInt, randomUUID } from 'node:crypto';
import { AwsError } from '../calls/aws-error';
import type { Clock } from '../processes/clock';
import { type AppSpec, HOOK_MOMENTS, type HookMoment } from './app-spec';
import { seconds } from './checks';
import type { AlarmConfiguration, AutoRollbackConfiguration, DeploymentGroup } from './group-settings';
import type { TrafficRouting } from './traffic-steps';

export const STATUSES = [
  'Created',
  'Queued',
  'InProgress',
  'Baking',
  'Succeeded',
  'Failed',
  'Stopped',
  'Ready',
] as const;
export type DeploymentStatus = (typeof STATUSES)[number];
type EventStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped';
export type LifecycleEventName = HookMoment | 'AllowTraffic';

/** Why a deployment did not succeed. */
export interface ErrorInformation {
  readonly code: string;
  readonly message: string;
}

/** What a deployment is to do, with the group's settings as they were when it was created. */
export interface DeploymentRequest {
  readonly accountId: string;
  readonly region: string;
  readonly applicationName: string;
  readonly group: DeploymentGroup;
  readonly deploymentConfigName: string;
  readonly routing: TrafficRouting;
  readonly alarms: AlarmConfiguration;
  /** Whether the request overrides the group's alarms. */
  readonly overridesAlarms: boolean;
  readonly rollback: AutoRollbackConfiguration;
  readonly description?: string;
  /** The AppSpec file as it was sent. */
  readonly content: string;
  /** The deployment that this one rolls back. */
  readonly rollsBack?: string;
}

interface LifecycleEvent {
  readonly lifecycleEventName: LifecycleEventName;
  status: EventStatus;
  startTime?: number;
  endTime?: number;
  diagnostics?: { readonly errorCode: string; readonly scriptName: string; readonly message: string };
}

/** A hook whose outcome has not been reported yet. */
interface WaitingHook {
  readonly executionId: string;
  readonly report: (status: 'Succeeded' | 'Failed') => void;
}

const ID_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The state of one deployment, as GetDeployment and GetDeploymentTarget describe it. */
export class DeploymentRecord {
  readonly id = `d-${Array.from({ length: 9 }, () => ID_SIGNS[randomInt(ID_SIGNS.length)]).join('')}`;
  readonly createTime: number;
  /** Undefined until the AppSpec file has been read. */
  spec: AppSpec | undefined;
  /** The target version's share of the traffic, from 0 to 1. */
  weight = 0;
  rollbackId: string | undefined;
  #status: DeploymentStatus = 'Created';
  #startTime: number | undefined;
  #completeTime: number | undefined;
  #error: ErrorInformation | undefined;
  #lastUpdate: number;
  #waiting: WaitingHook | undefined;
  readonly #hooks = new Set<string>();
  readonly #events: readonly LifecycleEvent[] = ([HOOK_MOMENTS[0], 'AllowTraffic', HOOK_MOMENTS[1]] as const).map(
    (lifecycleEventName) => ({ lifecycleEventName, status: 'Pending' }),
  );

  constructor(
    readonly request: DeploymentRequest,
    private readonly clock: Clock,
  ) {
    this.createTime = seconds(clock.now());
    this.#lastUpdate = this.createTime;
  }

  get status(): DeploymentStatus {
    return this.#status;
  }

  get error(): ErrorInformation | undefined {
    return this.#error;
  }

  get startTime(): number | undefined {
    return this.#startTime;
  }

  get completeTime(): number | undefined {
    return this.#completeTime;
  }

  /** Whether the deployment occupies its group. */
  get isOpen(): boolean {
    return this.#completeTime === undefined;
  }

  /** The deployment begins. */
  start(): void {
    this.#status = 'InProgress';
    this.#startTime = this.#touch();
  }

  /** A lifecycle event begins. */
  begin(name: LifecycleEventName): void {
    Object.assign(this.#event(name), { status: 'InProgress', startTime: this.#touch() });
  }

  /** A lifecycle event ends. */
  finish(name: LifecycleEventName, status: 'Succeeded' | 'Failed', message?: string): void {
    const event = this.#event(name);
    event.status = status;
    event.endTime = this.#touch();
    if (message) event.diagnostics = { errorCode: 'UnknownError', scriptName: '', message };
    this.#waiting = undefined;
  }

  /** Notes the target version's share of the traffic, from 0 to 1. */
  shifted(weight: number): void {
    this.weight = weight;
    this.#touch();
  }

  /** The deployment ends. The lifecycle event that was running fails with it; those that had not begun are skipped. */
  end(status: 'Succeeded' | 'Failed' | 'Stopped', error?: ErrorInformation): void {
    for (const event of this.#events) {
      if (event.status === 'InProgress') this.finish(event.lifecycleEventName, 'Failed', error?.message);
      if (event.status === 'Pending') event.status = 'Skipped';
    }
    this.#status = status;
    this.#error = error;
    this.#completeTime = this.#touch();
  }

  /** Begins to wait for a hook. @returns the id with which its outcome is reported, and the outcome once it has been */
  callHook(): { readonly executionId: string; readonly outcome: Promise<'Succeeded' | 'Failed'> } {
    const executionId = Buffer.from(JSON.stringify({ deployment: this.id, id: randomUUID() })).toString('base64');
    this.#hooks.add(executionId);
    const outcome = new Promise<'Succeeded' | 'Failed'>((report) => {
      this.#waiting = { executionId, report };
    });
    return { executionId, outcome };
  }

  /** @throws AwsError if no such hook is running, or its outcome has been reported */
  reportHook(executionId: string | undefined, status: 'Succeeded' | 'Failed'): void {
    if (!executionId || !this.#hooks.has(executionId))
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionIdException',
        'The lifecycle event hook execution id is invalid',
      );
    if (this.#waiting?.executionId !== executionId)
      throw new AwsError('LifecycleEventAlreadyCompletedException', 'The lifecycle event has already completed');
    this.#waiting.report(status);
    this.#waiting = undefined;
  }

  /** @returns the deployment as GetDeployment gives it; as on AWS, of the AppSpec file only the hash. */
  describe() {
    const { request } = this;
    const sha256 = createHash('sha256').update(request.content).digest('hex');
    return {
      applicationName: request.applicationName,
      deploymentGroupName: request.group.deploymentGroupName,
      deploymentConfigName: request.deploymentConfigName,
      deploymentId: this.id,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { sha256 } },
      status: this.#status,
      errorInformation: this.#error,
      createTime: this.createTime,
      startTime: this.#startTime,
      completeTime: this.#completeTime,
      deploymentOverview: this.overview(),
      description: request.description,
      creator: request.rollsBack ? 'codeDeployRollback' : 'user',
      ignoreApplicationStopFailures: false,
      autoRollbackConfiguration: request.rollback,
      updateOutdatedInstancesOnly: false,
      rollbackInfo: this.#rollbackInfo(),
      deploymentStyle: request.group.deploymentStyle,
      instanceTerminationWaitTimeStarted: false,
      fileExistsBehavior: 'DISALLOW',
      deploymentStatusMessages: [],
      computePlatform: 'Lambda',
      overrideAlarmConfiguration: request.overridesAlarms ? request.alarms : undefined,
    };
  }

  /** @returns how many targets are in which state; there is only one target. */
  overview(): Readonly<Record<string, number>> {
    const status = this.targetStatus();
    return Object.fromEntries(
      ['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Ready'].map((each) => [
        each,
        each === status ? 1 : 0,
      ]),
    );
  }

  /** The state of the one target. */
  targetStatus(): EventStatus {
    if (this.#status === 'Created') return 'Pending';
    if (this.#status === 'InProgress') return 'InProgress';
    if (this.#status === 'Succeeded') return 'Succeeded';
    return this.#events.some(({ status }) => status === 'Failed') ? 'Failed' : 'Skipped';
  }

  /** Name of the one target: function and alias. */
  get targetId(): string | undefined {
    return this.spec && `${this.spec.functionName}:${this.spec.alias}`;
  }

  /** @returns the target as GetDeploymentTarget gives it. */
  describeTarget() {
    const { request, spec } = this;
    return {
      deploymentTargetType: 'LambdaTarget',
      lambdaTarget: {
        deploymentId: this.id,
        targetId: this.targetId,
        targetArn: `arn:aws:lambda:${request.region}:${request.accountId}:function:${this.targetId}`,
        status: this.targetStatus(),
        lastUpdatedAt: this.#lastUpdate,
        lifecycleEvents: this.#events,
        lambdaFunctionInfo: {
          functionName: spec?.functionName,
          functionAlias: spec?.alias,
          currentVersion: spec?.currentVersion,
          targetVersion: spec?.targetVersion,
          targetVersionWeight: this.weight,
        },
      },
    };
  }

  #rollbackInfo() {
    const { rollsBack } = this.request;
    if (rollsBack)
      return {
        rollbackTriggeringDeploymentId: rollsBack,
        rollbackMessage: `Deployment ${this.id} is triggered to roll back deployment ${rollsBack}.`,
      };
    return (
      this.rollbackId && {
        rollbackDeploymentId: this.rollbackId,
        rollbackMessage:
          `Deployment ${this.id} terminated. ` +
          `Automatic rollback is triggered with a DeploymentId ${this.rollbackId}.`,
      }
    );
  }

  #event(name: LifecycleEventName): LifecycleEvent {
    return this.#events.find(({ lifecycleEventName }) => lifecycleEventName === name)!;
  }

  #touch(): number {
    this.#lastUpdate = seconds(this.clock.now());
    return this.#lastUpdate;
  }
}
