import type { SeenRefs } from '../core/contracts/state';

/** What reconciliations saw of the apps' repositories, so that the next one looks at what has changed since. */
export interface Reconciliations {
  /** @returns undefined if there was none yet. */
  find(app: string): Promise<SeenRefs | undefined>;
  /** Keeps what one saw, in place of what the one before it did. */
  keep(app: string, seen: SeenRefs): Promise<void>;
}
