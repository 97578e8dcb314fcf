import type { KnownRepository } from '../core/contracts/state';

/** Which repositories were found under the names of apps' repositories. */
export interface KnownRepositories {
  /** @returns undefined before the first contact */
  find(app: string): Promise<KnownRepository | undefined>;
  /**
   * Keeps the first one that is found. Another name than that of the one that is kept is its owner's word: then it is
   * the first of its name.
   * @returns the one that is kept
   */
  learn(app: string, found: KnownRepository): Promise<KnownRepository>;
}
