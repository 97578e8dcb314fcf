import * as z from 'zod';

/** Tags by which Seedbed knows whose a stack is. They are contracts: stacks in the field carry them. */
export const OWN_TAG = { app: 'seedbed:app', stage: 'seedbed:stage', service: 'seedbed:service' } as const;
export const OWN_TAGS: readonly string[] = Object.values(OWN_TAG);

/**
 * What a service's configuration says of its stack and not of what is in it: what the framework's own deploy command
 * hands to CloudFormation beside the template.
 */
export const StackSettings = z.object({
  tags: z.record(z.string(), z.string()).default({}),
  /** Values of the template's parameters; `null`: the stack keeps the value that it has. */
  parameters: z.record(z.string(), z.string().nullable()).default({}),
  /**
   * Values of parameters that nothing gives but the template's defaults, and that the template was made with: a stack
   * that has others would get something else than what it says.
   */
  madeWith: z.record(z.string(), z.string()).optional(),
  /** Topics that CloudFormation tells of the stack's events. */
  notificationArns: z.array(z.string()).optional(),
  /** Statements of the stack policy. */
  policy: z.array(z.json()).optional(),
  /** Alarms that make CloudFormation roll an update back, and how long it goes on watching them. */
  rollback: z
    .object({
      alarms: z.array(z.string()),
      compositeAlarms: z.array(z.string()).optional(),
      minutes: z.number().int().optional(),
    })
    .optional(),
  /** What fails stays as it failed. */
  disableRollback: z.boolean().optional(),
  terminationProtection: z.boolean().optional(),
  /** `changesets`: CloudFormation says what an update would do before it does it. */
  deploymentMethod: z.enum(['changesets', 'direct']).optional(),
  /** ARN of the role that the service wants CloudFormation to have. */
  deploymentRole: z.string().optional(),
  /** Whether the service wants its artifacts in a bucket of its own, or its own way. */
  deploymentBucket: z.boolean().optional(),
});
export type StackSettings = z.infer<typeof StackSettings>;

export const NO_STACK_SETTINGS: StackSettings = StackSettings.parse({});
