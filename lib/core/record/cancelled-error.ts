import type { ReleaseRecord, StepError } from '../contracts/state';

/** Code of the error that a cancelled release is recorded with. */
export const CANCELLED = 'Cancelled';

/** @returns what is recorded as the error of a release that somebody cancelled. */
export const cancelledError = ({ by }: NonNullable<ReleaseRecord['cancel']>): StepError => ({
  code: CANCELLED,
  message: `cancelled${by === undefined ? '' : ` by ${by}`}`,
});
