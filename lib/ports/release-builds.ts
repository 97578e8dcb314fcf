import type { ReleaseKey } from '../core/contracts/release';
import type { BuildRecord } from '../core/contracts/state';

/** The builds of releases, from their start on: people read their logs, and whoever ends a release stops them. */
export interface ReleaseBuilds {
  /** Stores a build, in place of an earlier one of the same service and task. */
  record(release: ReleaseKey, build: BuildRecord): Promise<void>;
  /** @returns all builds of a release, in the order of their start. */
  list(release: ReleaseKey): Promise<readonly BuildRecord[]>;
}
