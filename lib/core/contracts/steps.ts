/** The six steps of a release: the names of folders, states, progress lines and stored status. */
export const STEPS = ['trigger', 'plan', 'build', 'deploy', 'shift', 'record'] as const;
export type Step = (typeof STEPS)[number];
