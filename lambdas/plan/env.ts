/** Variables that the worker of `plan` reads. */
export const PLAN_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
