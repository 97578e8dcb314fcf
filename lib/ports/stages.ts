import type { MadeStage } from '../core/contracts/made-stage';
import type { StageKey } from '../core/contracts/release';

/** The stages that pull requests and branches have. */
export interface Stages {
  /** Stores a stage unless it is known; if its removal was asked for, it is wanted again. */
  make(stage: MadeStage): Promise<void>;
  find(key: StageKey): Promise<MadeStage | undefined>;
  /** @returns an app's stages, ordered by name. */
  list(app: string): Promise<readonly MadeStage[]>;
  /** Changes what is given; does nothing if there is no such stage. */
  change(key: StageKey, values: Partial<Pick<MadeStage, 'removeAskedAt' | 'commentId'>>): Promise<void>;
  /**
   * Forgets a stage that is removed.
   * @returns `wanted` if its removal is no longer asked for, in which case it stays. May be called twice.
   */
  forget(key: StageKey): Promise<'forgotten' | 'wanted'>;
}
