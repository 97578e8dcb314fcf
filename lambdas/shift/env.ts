/** What each worker of this step must find in its environment. */
export const MOVE_ALIASES_ENV = ['ARTIFACT_BUCKET'] as const;
