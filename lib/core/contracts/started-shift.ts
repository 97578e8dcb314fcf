import * as z from 'zod';

/**
 * The two moments at which CodeDeploy waits for a hook:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 */
export const HOOK_MOMENTS = ['BeforeAllowTraffic', 'AfterAllowTraffic'] as const;
export const HookMoment = z.enum(HOOK_MOMENTS);
export type HookMoment = z.infer<typeof HookMoment>;

/** One function on its way from a version to another: one CodeDeploy deployment. */
export const ShiftingFunction = z.object({
  logicalId: z.string(),
  /** Physical name. */
  name: z.string(),
  group: z.string(),
  deploymentId: z.string(),
  /** Moments that have passed and been reported to CodeDeploy. */
  allowed: z.array(HookMoment),
});
export type ShiftingFunction = z.infer<typeof ShiftingFunction>;

/** A shift under way: passes from `Start shift` to `Wait for shift` and from there to itself. */
export const StartedShift = z.object({
  application: z.string(),
  /** Whether its functions move and return as one, or each for itself. */
  unit: z.enum(['service', 'function']),
  /** Seconds that a hook may take. */
  hookTimeout: z.number().int().positive(),
  functions: z.array(ShiftingFunction),
});
export type StartedShift = z.infer<typeof StartedShift>;
