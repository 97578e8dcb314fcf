import type { StartReleaseInput, StartReleaseOutput } from '../core/contracts/payloads';

/** Starts releases by request, as a push does by itself. */
export interface ReleaseStarter {
  /**
   * @returns the release and whether it runs, waits or was there before
   * @throws ReleaseError AppNotFound, StageNotFound, CommitNotFound or BranchNotFound
   */
  start(input: StartReleaseInput): Promise<StartReleaseOutput>;
}
