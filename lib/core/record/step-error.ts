import * as z from 'zod';
import type { CaughtError } from '../contracts/payloads';
import type { ReleaseRecord, StepError } from '../contracts/state';
import { parseJson } from '../text/parse-json';

/** What a Lambda that threw leaves in `Cause`. */
const LambdaCause = z.object({ errorType: z.string(), errorMessage: z.string() });

/** @returns what Step Functions caught, as it is stored and shown: the code and message that our worker threw. */
export function stepErrorOf({ Error: name, Cause }: z.infer<typeof CaughtError>): StepError {
  const cause = LambdaCause.safeParse(parseJson(Cause ?? ''));
  if (cause.success) return { code: cause.data.errorType, message: cause.data.errorMessage };
  return { code: name, message: Cause || `stopped with ${name}` };
}

/** Code of the error that a cancelled release is recorded with. */
export const CANCELLED = 'Cancelled';

/** @returns the error that is recorded for a cancelled release. */
export const cancelledError = ({ by }: NonNullable<ReleaseRecord['cancel']>): StepError => ({
  code: CANCELLED,
  message: `cancelled${by === undefined ? '' : ` by ${by}`}`,
});
