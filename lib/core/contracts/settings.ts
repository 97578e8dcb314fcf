import * as z from 'zod';
import { Shift } from './shift';

/** Something that the service's own template makes (by logical id), or that is there already (by its name or ARN). */
export const Reference = z.union([z.object({ logicalId: z.string() }), z.object({ name: z.string() })]);
export type Reference = z.infer<typeof Reference>;

/** How one function of a service shifts, as its app asks for it. */
export const FunctionShift = z.object({
  /** Absent: what the stage asks for. */
  shift: Shift.optional(),
  /** Where `shift` is written, for messages: a file of the repository and its key. */
  writtenAt: z.object({ file: z.string(), key: z.string() }).optional(),
  /** Logical id of the function that must pass before traffic moves. */
  preTrafficHook: z.string().optional(),
  /** Logical id of the function that must pass after all traffic has moved. */
  postTrafficHook: z.string().optional(),
  /** CloudWatch alarms that stop the shift. */
  alarms: z.array(Reference),
  /**
   * SNS topics that CodeDeploy tells of its deployments:
   * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TriggerConfig.html
   */
  triggers: z.array(z.object({ name: z.string(), events: z.array(z.string()), topic: Reference })),
});
export type FunctionShift = z.infer<typeof FunctionShift>;

/** How the functions of a service shift, as its app asks for it. Part of the manifest. */
export const ShiftSettings = z.object({
  /** Whether all functions of the service move and return as one, or each for itself. */
  unit: z.enum(['service', 'function']),
  /** Seconds that a hook may take. */
  hookTimeout: z.number().int().positive(),
  /** By logical id, the functions that settings were given for, directly or for all. */
  functions: z.record(z.string(), FunctionShift),
});
export type ShiftSettings = z.infer<typeof ShiftSettings>;

export const NO_SHIFT_SETTINGS: ShiftSettings = { unit: 'service', hookTimeout: 300, functions: {} };

/** What the platform's owner demands of every shift in a stage (seedbed.yml). */
export const StageShift = z.object({
  /** The floor: an app may be more careful, never less. */
  shift: Shift,
  /** Whether a function that cannot shift gradually stops the release instead of moving at once. */
  mustBeGradual: z.boolean(),
});
export type StageShift = z.infer<typeof StageShift>;

export const NO_STAGE_SHIFT: StageShift = { shift: { kind: 'all-at-once' }, mustBeGradual: false };
