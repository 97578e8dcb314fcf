import type { CancelInput, CancelOutput } from '../core/contracts/payloads';

/** Cancels releases by request. */
export interface ReleaseCanceller {
  /**
   * @returns the release and how it stood; one that ran is being undone
   * @throws ReleaseError NothingToCancel, ReleaseNotFound, AppNotFound or StageNotFound
   */
  cancel(input: CancelInput): Promise<CancelOutput>;
}
