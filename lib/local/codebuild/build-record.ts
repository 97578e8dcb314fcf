import { randomUUID } from 'node:crypto';
import type { Caller } from '../calls/caller';
import type { EmitEvent } from '../calls/event-delivery';
import type { LogStream } from './build-logs';
import type { CommandPhase } from './buildspec';

export type PhaseType =
  | 'SUBMITTED'
  | 'QUEUED'
  | 'PROVISIONING'
  | 'DOWNLOAD_SOURCE'
  | CommandPhase
  | 'UPLOAD_ARTIFACTS'
  | 'FINALIZING'
  | 'COMPLETED';
export type BuildStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';

/** Why a phase failed: `COMMAND_EXECUTION_ERROR` and a sentence. */
export interface PhaseContext {
  readonly statusCode: string;
  readonly message: string;
}

interface PhaseRecord {
  readonly phaseType: PhaseType;
  readonly startTime: number;
  phaseStatus?: BuildStatus;
  endTime?: number;
  durationInSeconds?: number;
  contexts?: readonly PhaseContext[];
}

/** The part of a project's description (BatchGetProjects) that a build uses. */
export interface Project {
  readonly name: string;
  readonly arn: string;
  readonly source: { readonly type: string; readonly location?: string; readonly buildspec?: string };
  readonly sourceVersion?: string;
  readonly artifacts?: { readonly type?: string };
  readonly environment?: {
    /** The platform, such as `ARM_CONTAINER`. */
    readonly type?: string;
    readonly image?: string;
    readonly computeType?: string;
    readonly imagePullCredentialsType?: string;
    readonly privilegedMode?: boolean;
    readonly fleet?: { readonly fleetArn?: string };
    readonly environmentVariables?: readonly {
      readonly name: string;
      readonly value: string;
      readonly type?: string;
    }[];
  };
  readonly vpcConfig?: { readonly vpcId?: string };
  readonly cache?: { readonly type: string; readonly location?: string };
  readonly serviceRole?: string;
  readonly timeoutInMinutes?: number;
  readonly logsConfig?: { readonly cloudWatchLogs?: { readonly groupName?: string; readonly streamName?: string } };
  readonly encryptionKey?: string;
}

/** @returns whether a build runs on Lambda, where it can write to the directory for temporary files alone */
export const isOnLambda = ({ environment }: Pick<Project, 'environment'>): boolean =>
  environment?.type?.endsWith('_LAMBDA_CONTAINER') ?? false;

/** CodeBuild's default; this double waits as long as it takes. */
const QUEUED_TIMEOUT_IN_MINUTES = 480;

const seconds = () => Date.now() / 1000;

/** The state of one build, as BatchGetBuilds describes it, with its events. */
export class BuildRecord {
  readonly id: string;
  readonly arn: string;
  readonly logs: LogStream;
  readonly exported: { name: string; value: string }[] = [];
  readonly #startTime = seconds();
  readonly #phases: PhaseRecord[] = [];
  #status: BuildStatus = 'IN_PROGRESS';
  #endTime: number | undefined;

  /**
   * @param project with the overrides of this build applied
   * @param caller who started the build, in whose account and region it lives
   */
  constructor(
    readonly project: Project,
    readonly caller: Caller,
    private readonly number: number,
    private readonly emit: EmitEvent,
  ) {
    const uuid = randomUUID();
    this.id = `${project.name}:${uuid}`;
    this.arn = `arn:aws:codebuild:${caller.region}:${caller.accountId}:build/${this.id}`;
    const { groupName, streamName } = project.logsConfig?.cloudWatchLogs ?? {};
    this.logs = {
      groupName: groupName ?? `/aws/codebuild/${project.name}`,
      streamName: streamName ? `${streamName}/${uuid}` : uuid,
    };
    this.begin('SUBMITTED');
    this.finish('SUBMITTED', 'SUCCEEDED');
  }

  /** Whether the build has ended. */
  get complete(): boolean {
    return this.#status !== 'IN_PROGRESS';
  }

  /** The phase that runs now. */
  get currentPhase(): PhaseType {
    return this.#phases.at(-1)?.phaseType ?? 'SUBMITTED';
  }

  /** A phase begins. */
  begin(phaseType: PhaseType): void {
    this.#phases.push({ phaseType, startTime: seconds() });
  }

  /** A phase ends. */
  finish(phaseType: PhaseType, phaseStatus: BuildStatus, ...contexts: readonly PhaseContext[]): void {
    const phase = this.#phases.find((each) => each.phaseType === phaseType && !each.endTime);
    if (!phase) return;
    phase.endTime = seconds();
    phase.durationInSeconds = Math.round(phase.endTime - phase.startTime);
    phase.phaseStatus = phaseStatus;
    phase.contexts = contexts;
  }

  /** The build ends. Emits its last event. */
  async end(status: Exclude<BuildStatus, 'IN_PROGRESS'>): Promise<void> {
    this.begin('COMPLETED');
    this.#endTime = seconds();
    this.#status = status;
    await this.announce();
  }

  /** Emits `CodeBuild Build State Change`, on a best-effort basis as AWS does. */
  async announce(): Promise<void> {
    const described = this.describe();
    await this.emit(this.caller, {
      source: 'aws.codebuild',
      detailType: 'CodeBuild Build State Change',
      resources: [this.arn],
      detail: {
        'build-status': this.#status,
        'project-name': this.project.name,
        'build-id': this.arn,
        'current-phase': this.currentPhase,
        'current-phase-context': '[]',
        'additional-information': {
          artifact: { location: '' },
          cache: described.cache,
          'build-complete': this.complete,
          initiator: described.initiator,
          'build-start-time': new Date(this.#startTime * 1000).toUTCString(),
          'timeout-in-minutes': described.timeoutInMinutes,
          'queued-timeout-in-minutes': QUEUED_TIMEOUT_IN_MINUTES,
          'source-version': described.sourceVersion,
          source: { type: this.project.source.type, location: this.project.source.location },
          environment: environmentOf(this.project),
          logs: {
            'group-name': this.logs.groupName,
            'stream-name': this.logs.streamName,
            'deep-link': described.logs.deepLink,
          },
          phases: this.#phases.map((phase) => ({
            'phase-type': phase.phaseType,
            'phase-status': phase.phaseStatus,
            'phase-context': phase.contexts?.map(({ statusCode, message }) => `${statusCode}: ${message}`),
            'start-time': new Date(phase.startTime * 1000).toUTCString(),
            'end-time': phase.endTime && new Date(phase.endTime * 1000).toUTCString(),
            'duration-in-seconds': phase.durationInSeconds,
          })),
        },
        version: '1',
      },
    }).catch(() => undefined);
  }

  /** @returns the build as BatchGetBuilds gives it. */
  describe() {
    const { project, caller, logs } = this;
    const { region, accountId } = caller;
    const console = `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/`;
    const events = `${encodeURIComponent(logs.groupName)}/log-events/${encodeURIComponent(logs.streamName)}`;
    const group = `arn:aws:logs:${region}:${accountId}:log-group:${logs.groupName}`;
    return {
      id: this.id,
      arn: this.arn,
      buildNumber: this.number,
      startTime: this.#startTime,
      endTime: this.#endTime,
      currentPhase: this.currentPhase,
      buildStatus: this.#status,
      buildComplete: this.complete,
      projectName: project.name,
      sourceVersion: project.sourceVersion || undefined, // the emulator has an empty one if the project has none
      source: project.source,
      artifacts: { location: '' },
      cache: project.cache ?? { type: 'NO_CACHE' },
      environment: project.environment,
      serviceRole: project.serviceRole,
      timeoutInMinutes: project.timeoutInMinutes ?? 60,
      initiator: caller.arn.split(':').at(-1),
      encryptionKey: project.encryptionKey,
      phases: this.#phases,
      logs: {
        ...logs,
        deepLink: console + events,
        cloudWatchLogsArn: `${group}:log-stream:${logs.streamName}`,
        cloudWatchLogs: { status: 'ENABLED', groupName: logs.groupName },
      },
      exportedEnvironmentVariables: this.exported,
    };
  }
}

/** @returns the environment as events have it */
const environmentOf = ({ environment = {} }: Project) => ({
  type: environment.type ?? 'LINUX_CONTAINER',
  image: environment.image ?? '',
  'compute-type': environment.computeType ?? 'BUILD_GENERAL1_SMALL',
  'image-pull-credentials-type': environment.imagePullCredentialsType ?? 'CODEBUILD',
  'privileged-mode': environment.privilegedMode ?? false,
  'environment-variables': environment.environmentVariables ?? [],
});
