import * as z from 'zod';
import type { CaughtError } from '../contracts/payloads';
import type { ReleaseRecord, StepError } from '../contracts/state';
import { boundText } from '../text/bound-text';
import { parseJson } from '../text/parse-json';

/** What a Lambda that threw leaves in `Cause`. */
const LambdaCause = z.object({ errorType: z.string(), errorMessage: z.string() });

/** Characters of a message that are stored with a service; the build's log has all of them. */
const LONGEST_MESSAGE = 4_000;

/** @returns what Step Functions caught, as it is stored and shown: the code and message that our worker threw. */
export function stepErrorOf({ Error: name, Cause }: z.infer<typeof CaughtError>): StepError {
  const cause = LambdaCause.safeParse(parseJson(Cause ?? ''));
  if (cause.success)
    return { code: cause.data.errorType, message: boundText(cause.data.errorMessage, LONGEST_MESSAGE) };
  return { code: name, message: boundText(Cause || `stopped with ${name}`, LONGEST_MESSAGE) };
}

/** Code of the error that a cancelled release is recorded with. */
export const CANCELLED = 'Cancelled';

/** @returns the error that is recorded for a cancelled release. */
export const cancelledError = ({ by }: NonNullable<ReleaseRecord['cancel']>): StepError => ({
  code: CANCELLED,
  message: `cancelled${by === undefined ? '' : ` by ${by}`}`,
});
