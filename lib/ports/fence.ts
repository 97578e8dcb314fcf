import type { ReleaseKey } from '../core/contracts/release';

/** Keeps a release that may change nothing any more from changing its target. */
export interface Fence {
  /**
   * Proves that a release may change its target now; asked just before each change.
   * @throws ReleaseError `ReleaseSuperseded` if it does not hold its stage's lock, or was cancelled
   */
  prove(release: ReleaseKey): Promise<void>;
}

/**
 * So many milliseconds a proof may serve the changes of one worker, which makes many at once. Whoever undoes a release
 * that was stopped waits longer than that before he looks a second time (`lambdas/record/fail-unfinished.ts`).
 */
export const PROOF_SERVES = 1_000;
