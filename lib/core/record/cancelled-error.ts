import type { ReleaseRecord, StepError } from '../contracts/state';

/** Code of the error that a cancelled release is recorded with. */
export const CANCELLED = 'Cancelled';

/** @returns the error that is recorded for a cancelled release. */
export const cancelledError = ({ by }: NonNullable<ReleaseRecord['cancel']>): StepError => ({
  code: CANCELLED,
  message: `cancelled${by === undefined ? '' : ` by ${by}`}`,
});
