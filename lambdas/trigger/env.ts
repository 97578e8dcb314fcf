/** Variables that the workers of `trigger` read. */
export const TRIGGER_ENV = ['STATE_TABLE', 'RELEASE_STATE_MACHINE'] as const;
export const ROLLBACK_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET', 'RELEASE_STATE_MACHINE'] as const;
export const DOCTOR_ENV = ['WEBHOOK_URL'] as const;
