import * as z from 'zod';

/**
 * What the platform's owner says of stacks and functions in a stage (seedbed.yml): whose they are, and what of them
 * may go.
 */
export const StageGuard = z.object({
  /** Whether every stack update stops before it removes or replaces what holds data. */
  protect: z.boolean().default(false),
  /** Names of stacks that something else made and that releases may take over. */
  adopt: z.array(z.string()).default([]),
  /** Resources, as `<stack>/<logical id>`, that releases may remove or replace all the same. */
  replace: z.array(z.string()).default([]),
  /** Names, or patterns of names, of functions that something else made and whose code releases may change. */
  functions: z.array(z.string()).optional(),
});
export type StageGuard = z.infer<typeof StageGuard>;

export const NO_STAGE_GUARD: StageGuard = { protect: false, adopt: [], replace: [] };
