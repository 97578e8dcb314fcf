import type { StageKey } from '../core/contracts/release';
import type { PlannedAt } from '../core/contracts/state';

/** What the last plan of a stage found unchanged, so that the next one need not compare it with older commits. */
export interface PlannedBases {
  find(stage: StageKey): Promise<PlannedAt | undefined>;
  /** Stores what a plan found, in place of what the one before it found. */
  keep(stage: StageKey, planned: PlannedAt): Promise<void>;
}
