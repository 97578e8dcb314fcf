import type { Shift } from '../core/contracts/shift';
import type { ShiftStatus } from '../core/contracts/shift-status';
import type { HookMoment } from '../core/contracts/started-shift';

/** What CodeDeploy keeps for one function's shifts: a deployment group, and the settings that its deployments use. */
export interface ShiftGroup {
  /** Name of the group within its application, see `lib/core/contracts/code-deploy-names.ts`. */
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

export type { HookMoment, ShiftStatus };

/** One alias to move: one CodeDeploy deployment. */
export interface ShiftRequest {
  readonly group: string;
  /** Physical name of the function. */
  readonly functionName: string;
  readonly alias: string;
  /** Version that the alias names now. */
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** The moments at which the platform's hook functions are called. */
  readonly hooks: readonly HookMoment[];
  /** Shown in CodeDeploy's console; names the release (see `lib/core/shift/description.ts`). */
  readonly description: string;
}

/** CodeDeploy in one target. Methods throw ReleaseError `Throttled` if CodeDeploy is busy after all retries. */
export interface Shifts {
  /**
   * Gives an application exactly these groups: creates, changes and removes what differs, custom configurations
   * included. A second call with the same groups changes nothing.
   */
  ensureGroups(application: string, groups: readonly ShiftGroup[]): Promise<void>;
  /**
   * Starts a deployment.
   * @returns its id, or `busy` if one of the group is under way
   */
  start(application: string, request: ShiftRequest): Promise<{ readonly deploymentId: string } | 'busy'>;
  /** @returns the status of these deployments; unknown ids are left out. */
  statuses(deploymentIds: readonly string[]): Promise<readonly ShiftStatus[]>;
  /** @returns all deployments under way of applications whose name begins with `prefix`, rollbacks included. */
  open(prefix: string): Promise<readonly ShiftStatus[]>;
  /** Stops a deployment, which CodeDeploy then rolls back; one that has ended is left as it is. */
  stop(deploymentId: string): Promise<void>;
  /** Reports a hook's outcome to CodeDeploy; a hook that was reported before is left as it is. */
  reportHook(hook: {
    readonly deploymentId: string;
    readonly executionId: string;
    readonly status: 'Succeeded' | 'Failed';
  }): Promise<void>;
}
