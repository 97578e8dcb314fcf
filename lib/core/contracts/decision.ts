import * as z from 'zod';
import { Reason } from './reasons';
import { PlannedShift } from './shift-plan';

/** What deploying one package comes to. Plain JSON: it passes through Step Functions, is stored and shown. */
export const Decision = z.object({
  kind: z.enum(['skip', 'incremental', 'full']),
  reasons: z.array(Reason),
  /** Logical ids of the functions whose code changed; what an incremental deploy updates. */
  changedFunctions: z.array(z.string()),
  /** The functions that move, or should have moved, other than all at once; absent if all simply move. */
  shifts: z.array(PlannedShift).optional(),
});
export type Decision = z.infer<typeof Decision>;
