import { RATES } from '../lib/local/quotas/rates';

const { burst, perSecond } = RATES['lambda-calls'].rate;
/** Calls of Lambda's pool that are taken at once, and then in a second. */
export const [BURST, A_SECOND] = [burst, perSecond];

/** @returns the control calls that new code of so many functions needs: UpdateFunctionCode and UpdateAlias. */
export const neededCalls = (functions: number): number => 2 * functions;

/** @returns in how many milliseconds Lambda takes so many control calls: a full bucket, and then its rate. */
export const limitOf = (calls: number): number => (Math.max(0, calls - BURST) / A_SECOND) * 1000;
