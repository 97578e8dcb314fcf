import type { Diagnosis } from '../core/contracts/diagnosis';
import type {
  CancelInput,
  CancelOutput,
  HoldInput,
  HoldOutput,
  PreviewInput,
  PreviewOutput,
  RemoveStageInput,
  ResumeInput,
  ResumeOutput,
  StartReleaseInput,
  StartReleaseOutput,
  StartRollbackInput,
  StartRollbackOutput,
} from '../core/contracts/payloads';

/** The workers of the platform that a person can call. Who calls is whom AWS names: `by` is never given. */
export interface PlatformWorkers {
  /**
   * Starts a release, as a push would.
   * @returns the release and whether it runs, waits or was there before
   * @throws ReleaseError AppNotFound, StageNotFound, CommitNotFound or BranchNotFound
   */
  startRelease(input: Omit<StartReleaseInput, 'by'>): Promise<StartReleaseOutput>;

  /**
   * Rolls a stage back.
   * @returns what is done, or with `dryRun` would be, and the release that does it
   * @throws ReleaseError AppNotFound, StageNotFound, ServiceNotFound, ReleaseNotFound, RollbackRunning or
   * RollbackImpossible
   */
  startRollback(input: Omit<StartRollbackInput, 'by'>): Promise<StartRollbackOutput>;

  /**
   * Cancels a release.
   * @returns the release and what it was doing; one that was running is being undone
   * @throws ReleaseError NothingToCancel, ReleaseNotFound, AppNotFound or StageNotFound
   */
  cancelRelease(input: Omit<CancelInput, 'by'>): Promise<CancelOutput>;

  /**
   * Tells what a release would do.
   * @returns the plan that a release would have now; nothing is started or stored
   * @throws ReleaseError AppNotFound, StageNotFound, CommitNotFound, BranchNotFound or TagNotFound
   */
  previewRelease(input: PreviewInput): Promise<PreviewOutput>;

  /**
   * Keeps pushes from releasing services of a stage until one touches them.
   * @returns what is held now, and a release that was planned before and runs
   * @throws ReleaseError AppNotFound, StageNotFound or ServiceNotFound
   */
  holdServices(input: Omit<HoldInput, 'by'>): Promise<HoldOutput>;

  /**
   * Has pushes release services again that are held.
   * @returns what was held
   * @throws ReleaseError AppNotFound, StageNotFound or ServiceNotFound
   */
  resumeServices(input: Omit<ResumeInput, 'by'>): Promise<ResumeOutput>;

  /**
   * Removes a stage.
   * @returns the release that removes it
   * @throws ReleaseError AppNotFound or StageNotFound
   */
  removeStage(input: Omit<RemoveStageInput, 'by'>): Promise<StartReleaseOutput>;

  /**
   * Looks for whatever keeps an app's repository from being released.
   * @throws ReleaseError AppNotFound
   */
  diagnose(app: string): Promise<Diagnosis>;
}
