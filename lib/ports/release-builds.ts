import type { ReleaseKey } from '../core/contracts/release';
import type { BuildRecord } from '../core/contracts/state';

/** The builds of releases, from their start on: their logs are shown, and who ends a release stops them. */
export interface ReleaseBuilds {
  /** Keeps a build; that of the same service and task again takes its place. */
  record(release: ReleaseKey, build: BuildRecord): Promise<void>;
  /** @returns all builds of a release, by the time of their start. */
  list(release: ReleaseKey): Promise<readonly BuildRecord[]>;
}
