import { createHash } from 'node:crypto';
import type { MachineSettings } from './build-machine';
import type { Release, Target } from './release';

/** How a configured stage of an app is built: what seedbed.yml says below `build`, and where the stage lives. */
export interface StageBuild {
  readonly app: string;
  readonly stage: string;
  readonly target: Target;
  /**
   * ARN of the role with which its packager and hooks work in the target; absent in an account whose owner has made the
   * platform's roles there.
   */
  readonly role?: string;
  /** What its builds may read in the target, as `BuildRead` takes it. */
  readonly reads: readonly string[];
  /** ARNs of managed policies that its builds have in the target besides. */
  readonly policies: readonly string[];
  readonly machine: MachineSettings;
  /** The network of the platform's account in which its builds run, if not AWS's. */
  readonly vpc?: BuildVpc;
}

/** A network for builds; their way to the internet is through its NAT gateway, or endpoints. */
export interface BuildVpc {
  readonly id: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** Name of the environment variable in which a build gets the ARN of its role in the target. */
export const BUILD_ROLE_VARIABLE = 'SEEDBED_BUILD_ROLE';

/** Name of the environment variable in which a build with Docker gets the URI of its app's repository of images. */
export const IMAGE_REPOSITORY_VARIABLE = 'SEEDBED_IMAGE_REPOSITORY';

/** IAM's limit for names of roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST = 64;
const HASH = 10;

/** What the names of the CodeBuild roles of stages begin with. */
export const PROJECT_ROLE_PREFIX = 'seedbed-codebuild-';
/** What the names of the roles begin with that builds have in targets. */
export const BUILD_ROLE_PREFIX = 'seedbed-build-';

/** @returns a role's name of its own for each configured stage of each app; no app's name has a `_`. */
function stageRoleName(prefix: string, app: string, settingsStage: string): string {
  const name = `${prefix}${app}_${settingsStage}`;
  if (name.length <= LONGEST) return name;
  const hash = createHash('sha256').update(`${app}_${settingsStage}`).digest('hex').slice(0, HASH);
  return `${name.slice(0, LONGEST - HASH - 1)}-${hash}`;
}

/**
 * @returns the name of the role that CodeBuild has in the platform's account to build a configured stage of an app. It
 *   is not where the roles of workers are, which deploy roles trust.
 */
export const projectRoleName = (app: string, settingsStage: string): string =>
  stageRoleName(PROJECT_ROLE_PREFIX, app, settingsStage);

/** @returns the name of the role in the target's account with which a configured stage's packager and hooks work. */
export const buildRoleName = (app: string, settingsStage: string): string =>
  stageRoleName(BUILD_ROLE_PREFIX, app, settingsStage);

/** @returns the ARN of that role in a target. */
export const buildRoleOf = (
  { deployRoleArn }: Pick<Target, 'deployRoleArn'>,
  { app, stage }: Pick<Release, 'app' | 'stage'>,
): string => deployRoleArn.replace(/:role\/.*$/, `:role/${buildRoleName(app, stage)}`);
