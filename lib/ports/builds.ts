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

/** On what a build runs. */
export interface BuildPlace {
  /** Where the stage's owner has written nothing about it; without it, as the stage's builds do. */
  readonly architecture?: Architecture;
  /** ARN of a fleet; without it as the stage's project says. */
  readonly fleet?: string;
  /** Whether it is to run on EC2, whatever the stage's project says. */
  readonly onEc2?: boolean;
}

/** The build environment in which services are packaged. */
export interface Builds {
  /**
   * Starts a build; the same request in the same place again is the same build.
   *
   * @returns the build's id
   * @throws ReleaseError `BuildQuotaZero` if the account may run no build on such a machine, `BuildQueueFull`,
   *   `BuildComputeRefused` if CodeBuild does not take the fleet, or what else is named for Lambda
   */
  start(request: BuildRequest, place?: BuildPlace): Promise<string>;
  /** @returns the status of each of these builds, by id; one that nobody knows has failed. */
  statuses(buildIds: readonly string[]): Promise<ReadonlyMap<string, BuildStatus>>;
  /** Stops a build; one that has ended is left as it is. */
  stop(buildId: string): Promise<void>;
}
