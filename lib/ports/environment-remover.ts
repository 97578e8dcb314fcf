import type { StageOfApp } from '../core/contracts/stage-environment';

/** Removes what made stages had of their own, without reading any value. */
export interface EnvironmentRemover {
  /**
   * Removes all variables of a stage, and the mark of when they changed.
   * @returns how many variables there were
   */
  remove(stage: StageOfApp): Promise<number>;
}
