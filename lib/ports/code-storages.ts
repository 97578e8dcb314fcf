import type { CodeStorage } from '../core/contracts/state';

/** How much of Lambda's code storage the targets use, as it was read last. */
export interface CodeStorages {
  /** Stores a reading in place of the one before it. */
  keep(storage: CodeStorage): Promise<void>;
  /** @returns the last reading of each target, ordered by account and Region. */
  list(): Promise<readonly CodeStorage[]>;
}
