import { join } from 'node:path';
import type { BuildRequest } from '../core/contracts/build-request';
import type { Clock } from '../ports/clock';
import type { ImageRegistry } from '../ports/image-registry';
import type { Log } from './run-command';

/** Where images are pushed to, and for which release. */
export interface PushesTo extends ImageRegistry {
  readonly releaseId: string;
}

/** A checked-out repository and what is to be packaged of it. */
export interface Workspace {
  /** Absolute path of the repository's root. */
  readonly root: string;
  /** Service path within the repository; `.` for its root. */
  readonly service: string;
  readonly app: string;
  readonly stage: string;
  /** The configured stage whose settings a made stage has. */
  readonly template?: string;
  /** Region in which the service will be deployed. */
  readonly region: string;
  /** Directory that outlives the build where the build environment has such a thing. */
  readonly cacheDirectory: string;
  /** The environment of every program that the build runs. */
  readonly env: NodeJS.ProcessEnv;
  /** Where a build of the platform pushes images to; absent where it has no Docker, and in a package made by hand. */
  readonly images?: PushesTo;
  readonly clock: Clock;
  readonly log: Log;
}

/** @returns the absolute path of the service's directory. */
export const serviceDirectory = ({ root, service }: Pick<Workspace, 'root' | 'service'>): string => join(root, service);

/** Any fixed time would do; a zip cannot hold an earlier one. Tools that honour it leave the build's own time out. */
const SOURCE_DATE = '315532800';

/**
 * What the commands of a build are told about it. Unknown values, such as the tag of a push to a branch, are not set.
 */
export type BuildFacts = Pick<Workspace, 'app' | 'stage' | 'service'> &
  Partial<Pick<BuildRequest, 'commit' | 'branch' | 'tag' | 'pullRequest' | 'releaseId'>>;

/**
 * @param given the environment of the build
 * @returns what the build's programs get: how they are to behave in a build, and what Seed tells its hooks.
 */
export function commandEnvironment(given: NodeJS.ProcessEnv, facts: BuildFacts): NodeJS.ProcessEnv {
  return {
    ...given,
    CI: 'true',
    SOURCE_DATE_EPOCH: SOURCE_DATE,
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    SEED_APP_NAME: facts.app,
    SEED_STAGE_NAME: facts.stage,
    SEED_SERVICE_PATH: facts.service,
    SEED_COMMIT: facts.commit,
    SEED_BRANCH: facts.branch,
    SEED_TAG: facts.tag,
    SEED_PULL_REQUEST: facts.pullRequest?.toString(),
    SEED_RELEASE_ID: facts.releaseId,
  };
}
