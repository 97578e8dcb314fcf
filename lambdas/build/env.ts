/** Variables that the workers of `build` read. */
export const START_BUILD_ENV = ['STATE_TABLE', 'ARTIFACT_BUCKET'] as const;
export const WAIT_FOR_BUILD_ENV = ['ARTIFACT_BUCKET'] as const;
