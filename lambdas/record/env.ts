/** Variables that each worker of `record` reads. */
export const RECORD_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const RECORD_FAILURE_ENV = RECORD_ENV;
export const FINISH_ENV = [
  'STATE_TABLE',
  'ARTIFACT_BUCKET',
  'RELEASE_STATE_MACHINE',
  'SERVICE_RELEASE_STATE_MACHINE',
] as const;
export const SWEEP_ENV = FINISH_ENV;
