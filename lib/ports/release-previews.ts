import type { PreviewInput, PreviewOutput } from '../core/contracts/payloads';

/** Tells what releases would do. */
export interface ReleasePreviews {
  /**
   * @returns the plan that a release would have now; nothing is started or kept
   * @throws ReleaseError AppNotFound, StageNotFound, CommitNotFound, BranchNotFound or TagNotFound
   */
  plan(input: PreviewInput): Promise<PreviewOutput>;
}
