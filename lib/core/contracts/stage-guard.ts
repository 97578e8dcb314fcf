import * as z from 'zod';

/** What the platform's owner says of stacks in a stage (seedbed.yml). */
export const StageGuard = z.object({
  /** Names of stacks that something else made and that releases may take over. */
  adopt: z.array(z.string()).default([]),
});
export type StageGuard = z.infer<typeof StageGuard>;

export const NO_STAGE_GUARD: StageGuard = { adopt: [] };
