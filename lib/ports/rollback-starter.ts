import type { StartRollbackInput, StartRollbackOutput } from '../core/contracts/payloads';

/** Rolls stages back by request. */
export interface RollbackStarter {
  /**
   * @returns what is done, or with `dryRun` would be, and the release that does it
   * @throws ReleaseError AppNotFound, StageNotFound, ServiceNotFound, ReleaseNotFound, RollbackRunning or
   * RollbackImpossible
   */
  start(input: StartRollbackInput): Promise<StartRollbackOutput>;
}
