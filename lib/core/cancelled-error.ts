import type { ReleaseRecord, StepError } from './state';

/** @returns what is recorded as the error of a release that somebody cancelled. */
export const cancelledError = ({ by }: NonNullable<ReleaseRecord['cancel']>): StepError => ({
  code: 'Cancelled',
  message: `cancelled${by === undefined ? '' : ` by ${by}`}`,
});
