/** What each worker of this step must find in its environment. */
export const TAKE_PACKAGE_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const DECIDE_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const START_STACK_UPDATE_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const WAIT_FOR_STACK_ENV = ['ARTIFACT_BUCKET'] as const;
export const READ_FUNCTIONS_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const PREPARE_FUNCTIONS_ENV = ['ARTIFACT_BUCKET'] as const;
export const WAIT_FOR_FUNCTIONS_ENV = ['ARTIFACT_BUCKET'] as const;
export const RESTORE_FUNCTIONS_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const PUT_CODE_BACK_ENV = ['ARTIFACT_BUCKET'] as const;
