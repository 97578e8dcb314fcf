import type { ReleaseId, ReleaseKey, StageKey } from '../core/contracts/release';
import type { Notice } from '../core/notices/notice';

/** Whose turn it is to tell of a stage's releases. */
interface Turn {
  /** The same in every try of one call. */
  readonly by: string;
  /** Epoch milliseconds; afterwards the turn is lost. */
  readonly now: number;
  readonly until: number;
}

/**
 * What was told of releases, and the turn to tell. One worker at a time tells of a stage's releases; the others leave
 * it the releases that they were called for, so that nothing new is overwritten by something old.
 */
export interface Notices {
  /** Takes the turn, or leaves the release to whoever has it. @returns whether this call took the turn */
  begin(release: ReleaseKey, turn: Turn): Promise<boolean>;
  /**
   * Ends a turn, unless others left releases meanwhile: then it goes on.
   * @param failed releases that not every place could be told of; whoever takes the next turn tells of them too
   * @returns the releases left; none if the turn has ended
   */
  end(stage: StageKey, turn: Pick<Turn, 'by'>, failed: readonly ReleaseId[]): Promise<readonly ReleaseId[]>;
  find(release: ReleaseKey): Promise<Notice>;
  /** Stores what is given. */
  record(release: ReleaseKey, values: Partial<Notice>): Promise<void>;
}
