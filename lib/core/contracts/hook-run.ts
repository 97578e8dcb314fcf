import * as z from 'zod';
import { Name, ReleaseId, ServicePath } from './release';

/** A hook of the user's: an ordinary function of the service. */
export const UserHook = z.object({
  logicalId: z.string(),
  /** Physical name. */
  name: z.string(),
  /** Version or alias to invoke. */
  qualifier: z.string(),
});
export type UserHook = z.infer<typeof UserHook>;

/** How a hook ended. `running` from the moment at which CodeDeploy called for it. */
export const HookOutcome = z.object({
  deploymentId: z.string(),
  /** CodeDeploy's `LifecycleEventHookExecutionId`, needed to report. */
  executionId: z.string(),
  status: z.enum(['running', 'passed', 'failed']),
  /** Why it failed, in the hook's own words. */
  reason: z.string().optional(),
  /** ISO time. */
  at: z.string(),
});
export type HookOutcome = z.infer<typeof HookOutcome>;

/** The hooks of one shift of one function: what to call, with what, and how it ended. */
export const HookRun = z.object({
  application: z.string(),
  group: z.string(),
  releaseId: ReleaseId,
  app: Name,
  stage: Name,
  service: ServicePath,
  commit: z.string(),
  /** The function that shifts. */
  function: z.object({
    logicalId: z.string(),
    name: z.string(),
    alias: z.string(),
    currentVersion: z.string(),
    targetVersion: z.string(),
  }),
  /** The user's hook of each moment; without one the moment passes at once. */
  hooks: z.object({ BeforeAllowTraffic: UserHook.optional(), AfterAllowTraffic: UserHook.optional() }),
  moments: z.object({ BeforeAllowTraffic: HookOutcome.optional(), AfterAllowTraffic: HookOutcome.optional() }),
  /** Epoch seconds after which the table may forget it. */
  expiresAt: z.number().int(),
});
export type HookRun = z.infer<typeof HookRun>;

/** What a user's hook gets: CodeDeploy's two keys, so that hooks written for it keep working, and what those lack. */
export const HookEvent = z.object({
  DeploymentId: z.string(),
  LifecycleEventHookExecutionId: z.string(),
  lifecycleEvent: z.enum(['BeforeAllowTraffic', 'AfterAllowTraffic']),
  app: Name,
  stage: Name,
  service: ServicePath,
  release: ReleaseId,
  commit: z.string(),
  /** Name of the function that shifts. */
  functionName: z.string(),
  alias: z.string(),
  /** Version under test, and its ARN to invoke. */
  version: z.string(),
  versionArn: z.string(),
  /** Version that serves until now. */
  previousVersion: z.string(),
});
export type HookEvent = z.infer<typeof HookEvent>;
