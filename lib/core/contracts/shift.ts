import * as z from 'zod';

/**
 * How traffic moves from one version to another. `percent` is the share that moves in a step; `minutes` is how long a
 * canary waits before the rest, or a linear shift before each further step. Bounds are CodeDeploy's: a first and a last
 * shift at most 2880 minutes apart, at most 99 % in a step
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html).
 */
export const Shift = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all-at-once') }),
  z.object({ kind: z.literal('canary'), percent: z.number().int(), minutes: z.number().int() }),
  z.object({ kind: z.literal('linear'), percent: z.number().int(), minutes: z.number().int() }),
]);
export type Shift = z.infer<typeof Shift>;

export const ALL_AT_ONCE: Shift = { kind: 'all-at-once' };
