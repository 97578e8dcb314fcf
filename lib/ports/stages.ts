import type { MadeStage } from '../core/contracts/made-stage';
import type { StageKey } from '../core/contracts/release';

/** The stages that pull requests and branches have. */
export interface Stages {
  /** Keeps a stage unless it is known; one whose removal was asked for is wanted again. */
  make(stage: MadeStage): Promise<void>;
  find(key: StageKey): Promise<MadeStage | undefined>;
  /** @returns those of an app, by name. */
  list(app: string): Promise<readonly MadeStage[]>;
  /** Keeps what is given; nothing happens if there is no such stage. */
  change(key: StageKey, values: Partial<Pick<MadeStage, 'removeAskedAt' | 'commentId'>>): Promise<void>;
  /**
   * Forgets a stage that is removed.
   * @returns `wanted` if its removal is not asked for any more: it stays then. A second time nothing is left to forget.
   */
  forget(key: StageKey): Promise<'forgotten' | 'wanted'>;
}
