/** The states of ServiceRelease that call a worker of `deploy` or `shift`. */
export const DEPLOY_STATES = [
  'Use stored package',
  'Decide',
  'Start stack update',
  'Wait for stack',
  'Compare functions',
  'Prepare functions',
  'Start shift',
  'Wait for shift',
  'Stop shift',
  'Move aliases',
  'Restore code of earlier versions',
  'Restore functions',
] as const;

/** The states of ServiceRelease that remove a service, but for its hooks. */
export const REMOVAL_STATES = [
  'Prepare removal',
  'Remove shifts',
  'Empty buckets',
  'Start stack deletion',
  'Wait for stack deletion',
  'Verify removal',
  'Record removal',
] as const;

export type DeployState = (typeof DEPLOY_STATES)[number];
export type RemovalState = (typeof REMOVAL_STATES)[number];
/** A state whose worker a test may look behind. */
export type WorkerState = DeployState | RemovalState | 'Wait for build';
