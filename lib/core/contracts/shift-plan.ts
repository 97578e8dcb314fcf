import * as z from 'zod';
import { Shift } from './shift';

/** Why a function moves at once although a gradual shift is asked for. */
const AT_ONCE_REASONS = [
  'first-version',
  'already-moved',
  'role-changed',
  'dead-letter-queue-changed',
  'provisioned-concurrency',
  'no-traffic-source',
  'hook-of-the-service',
  'rollback',
] as const;

/** How one function of a release shifts: plain JSON, shown in the decision, the history and on the terminal. */
export const PlannedShift = z.object({
  logicalId: z.string(),
  shift: Shift,
  /** Why it moves at once, where a gradual shift is asked for. */
  because: z.object({ code: z.enum(AT_ONCE_REASONS), message: z.string() }).optional(),
});
export type PlannedShift = z.infer<typeof PlannedShift>;
