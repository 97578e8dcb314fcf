/** How a CodeDeploy deployment stands. `rollback`: id of the deployment that CodeDeploy started to undo it. */
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
