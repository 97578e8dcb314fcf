import type { RemoveStageInput, StartReleaseOutput } from '../core/contracts/payloads';

/** Removes stages by request. */
export interface StageRemover {
  /**
   * @returns the release that removes the stage
   * @throws ReleaseError AppNotFound or StageNotFound
   */
  start(input: RemoveStageInput): Promise<StartReleaseOutput>;
}
