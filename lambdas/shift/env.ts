/** What each worker of this step must find in its environment. */
export const SHIFT_ENV = ['ARTIFACT_BUCKET'] as const;
