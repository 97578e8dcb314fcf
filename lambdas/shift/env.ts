/** What each worker of this step must find in its environment. */
export const SHIFT_ENV = ['ARTIFACT_BUCKET'] as const;
export const RUN_HOOK_ENV = ['MOMENT', 'HOOKS_TABLE'] as const;
