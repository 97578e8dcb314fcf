import type { Architecture } from '../core/contracts/architecture';
import type { BuildRequest } from '../core/contracts/build-request';
import type { BuildTimes } from '../core/contracts/build-times';

/**
 * The status of a build. `message` says why it did not succeed, in the builder's own words; `times` what the builder
 * itself knows of its parts.
 */
export type BuildStatus =
  | { readonly status: 'running' }
  | { readonly status: 'succeeded'; readonly times?: BuildTimes }
  | { readonly status: 'failed' | 'timed-out' | 'stopped'; readonly message: string; readonly logs: string };

/** The build environment in which services are packaged. */
export interface Builds {
  /**
   * Starts a build; the same request again is the same build.
   *
   * @param architecture what the build runs on where the stage's owner has written nothing about it; without it, as
   *   the stage's builds do
   * @returns the build's id
   * @throws ReleaseError `BuildQuotaZero` if the account may run no build on such a machine, `BuildQueueFull`
   */
  start(request: BuildRequest, architecture?: Architecture): Promise<string>;
  /** @returns the status of each of these builds, by id; one that nobody knows has failed. */
  statuses(buildIds: readonly string[]): Promise<ReadonlyMap<string, BuildStatus>>;
  /** Stops a build; one that has ended is left as it is. */
  stop(buildId: string): Promise<void>;
}
