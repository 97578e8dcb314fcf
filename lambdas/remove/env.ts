/** What each worker of a removal must find in its environment. */
export const PREPARE_REMOVAL_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const REMOVE_SHIFTS_ENV = ['ARTIFACT_BUCKET'] as const;
export const EMPTY_BUCKETS_ENV = ['ARTIFACT_BUCKET'] as const;
export const START_STACK_DELETION_ENV = ['ARTIFACT_BUCKET'] as const;
export const VERIFY_REMOVAL_ENV = ['ARTIFACT_BUCKET'] as const;
export const RECORD_REMOVAL_ENV = ['STATE_TABLE'] as const;
