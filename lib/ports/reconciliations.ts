import type { SeenRefs } from '../core/contracts/state';

/** What the last reconciliation saw of each app's repository, so that the next one looks only at what has changed. */
export interface Reconciliations {
  /** @returns undefined if there was none yet. */
  find(app: string): Promise<SeenRefs | undefined>;
  /** Stores what a reconciliation saw, in place of what the one before it saw. */
  keep(app: string, seen: SeenRefs): Promise<void>;
}
