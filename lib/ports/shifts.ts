import type { Shift } from '../core/shift/shift';

/** What CodeDeploy keeps for the shifts of one function: a deployment group, and the settings that its deployments use. */
export interface ShiftGroup {
  /** Name of the group within its application, see `lib/core/shift/names.ts`. */
  readonly group: string;
  readonly shift: Shift;
  /** Names of alarms; at most 10. */
  readonly alarms: readonly string[];
  readonly triggers: readonly {
    readonly name: string;
    readonly events: readonly string[];
    readonly topicArn: string;
  }[];
  /** Role with which CodeDeploy moves aliases. */
  readonly roleArn: string;
}

/** The two moments at which CodeDeploy calls a hook: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
export type HookMoment = 'BeforeAllowTraffic' | 'AfterAllowTraffic';

/** One alias to move: one CodeDeploy deployment. */
export interface ShiftRequest {
  readonly group: string;
  /** Physical name of the function. */
  readonly functionName: string;
  readonly alias: string;
  /** Version that the alias names now. */
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** The moments at which the platform's hook function is called. */
  readonly hooks: readonly HookMoment[];
  /** Shown in CodeDeploy's console; names the release (see `lib/core/shift/description.ts`). */
  readonly description: string;
}

/** How a deployment stands. `rollback`: id of the deployment that CodeDeploy started to undo it. */
export interface ShiftStatus {
  readonly deploymentId: string;
  readonly application: string;
  readonly group: string;
  readonly description: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'stopped';
  /** CodeDeploy's code and words for a failure, such as `ALARM_ACTIVE`. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly rollback?: string;
  /** Whether CodeDeploy started it to undo another one. */
  readonly isRollback: boolean;
  /** ISO time of its creation. */
  readonly createdAt: string;
}

/** CodeDeploy in one target. Methods throw ReleaseError `Throttled` if CodeDeploy is busy after all retries. */
export interface Shifts {
  /**
   * Brings an application to exactly these groups: makes, changes and removes what differs, custom configurations
   * included. Run twice, the second time it changes nothing.
   */
  ensureGroups(application: string, groups: readonly ShiftGroup[]): Promise<void>;
  /**
   * Starts a deployment.
   * @returns its id, or `busy` if one of the group is under way
   */
  start(application: string, request: ShiftRequest): Promise<{ readonly deploymentId: string } | 'busy'>;
  /** @returns how these deployments stand; ids that nobody knows are left out. */
  statuses(deploymentIds: readonly string[]): Promise<readonly ShiftStatus[]>;
  /** @returns all deployments under way of applications whose name begins with `prefix`, rollbacks included. */
  open(prefix: string): Promise<readonly ShiftStatus[]>;
  /** Stops a deployment and has CodeDeploy roll it back; one that has ended is left as it is. */
  stop(deploymentId: string): Promise<void>;
  /** Tells CodeDeploy what came of a hook; a hook that was reported before is left as it is. */
  reportHook(hook: {
    readonly deploymentId: string;
    readonly executionId: string;
    readonly status: 'Succeeded' | 'Failed';
  }): Promise<void>;
}
