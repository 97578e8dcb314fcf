/** Variables that the worker of `plan` reads. */
export const PLAN_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
/** Variables that the worker `preview` reads. */
export const PREVIEW_ENV = ['STATE_TABLE'] as const;
