import * as z from 'zod';
import { SpecialCompute } from './build-machine';
import { NO_STAGE_SHIFT, StageShift } from './settings';
import { StageGuard } from './stage-guard';

/** App and stage names: they become parts of keys, execution names and role session names. */
export const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'use lower-case letters, digits and "-", starting with a letter, at most 32 characters',
  );
export const ReleaseId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'a release id is a ULID');
export type ReleaseId = z.infer<typeof ReleaseId>;
/**
 * A path of a service within its repository, `/` between parts, `.` for the root. It cannot lead out of the repository
 * or hold characters that a terminal would obey.
 */
export const ServicePath = z
  .string()
  .regex(
    /^(\.|(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\s\p{Cc}][^\s\p{Cc}]*)$/u,
    'give a service by its directory in the repository, such as "services/api" or "."; no white space',
  );
export type ServicePath = z.infer<typeof ServicePath>;

/** Where the repository of an app lives. */
export const Repository = z.discriminatedUnion('provider', [
  z.object({ provider: z.literal('codecommit'), name: z.string() }),
  /** `name` is `owner/repository`. */
  z.object({ provider: z.literal('github'), name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) }),
]);
export type Repository = z.infer<typeof Repository>;

/** Name of the role that the target stack makes for CodeDeploy; a target's default. */
export const CODE_DEPLOY_ROLE_NAME = 'seedbed-codedeploy';

/** Where a stage lives and which role deploys there. */
export const Target = z.object({
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  deployRoleArn: z.string(),
  /** Role that CloudFormation assumes for the service's stacks. */
  executionRoleArn: z.string(),
  /** Role with which CodeDeploy moves aliases; absent in records older than the role. */
  codeDeployRoleArn: z.string().optional(),
  /** ARN of the boundary that roles and users of stacks must have there; absent if they need none. */
  permissionsBoundary: z.string().optional(),
  externalId: z.string(),
});
export type Target = z.infer<typeof Target>;

/** @returns the role with which CodeDeploy moves aliases in a target. */
export const codeDeployRoleOf = ({ deployRoleArn, codeDeployRoleArn }: Target): string =>
  codeDeployRoleArn ?? deployRoleArn.replace(/:role\/.*$/, `:role/${CODE_DEPLOY_ROLE_NAME}`);

/**
 * Path of the workers' roles in IAM. Deploy roles trust what lies below it, so nothing but the platform's own stacks
 * may make roles there: CloudFormation's role and the roles that stacks make are denied it.
 */
export const WORKERS_PATH = '/seedbed/';

/** Name of the role that the target stack makes for the platform's workers; a target's default. */
export const DEPLOY_ROLE_NAME = 'seedbed-deploy';

/**
 * @param platformAccount where a stack of ours makes the roles in any case
 * @returns whether a stack of ours makes the roles of a target: not where another account's owner has made them
 */
export const hasOurRoles = ({ account, deployRoleArn }: Target, platformAccount: string): boolean =>
  account === platformAccount || deployRoleArn.endsWith(`:role/${DEPLOY_ROLE_NAME}`);

/** Name of the role that the target stack makes for CloudFormation; a target's default. */
export const EXECUTION_ROLE_NAME = 'seedbed-cloudformation';

/** Name of the boundary that the target stack makes for the roles of stacks. */
export const BOUNDARY_NAME = 'seedbed-boundary';

/** Name of the role that the target stack makes for emptying buckets. */
export const REMOVAL_ROLE_NAME = 'seedbed-removal';

/** @returns the role with which the buckets of deleted stacks are emptied in a target. */
export const removalRoleOf = ({ deployRoleArn }: Target): string =>
  deployRoleArn.replace(/:role\/.*$/, `:role/${REMOVAL_ROLE_NAME}`);

/** What started a release. `id` makes it idempotent: the same event delivered twice is one release. */
export const Trigger = z.object({
  type: z.enum(['push', 'pull-request', 'manual', 'rollback', 'remove']),
  id: z.string().min(1),
  /** Who pushed or called, as the source names them. */
  by: z.string().optional(),
});
export type Trigger = z.infer<typeof Trigger>;

/** Which state of a stage a rollback returns to. */
export const Rollback = z.object({
  /** The release whose result the stage is to have again. */
  to: ReleaseId,
  /** Only this service; without it, all of the stage. */
  service: ServicePath.optional(),
  /**
   * The newest commit that the stage had been asked for by then: what goes back is held until a push differs from it.
   * Absent in releases of older versions, whose services are not held.
   */
  from: z.string().optional(),
});
export type Rollback = z.infer<typeof Rollback>;

/** Asks to remove a stage: its services' stacks are deleted, in the reverse order of their phases. */
export const Removal = z.object({
  /** Whether buckets of the stacks are emptied, all versions; a bucket with objects in it cannot be deleted. */
  emptyBuckets: z.boolean(),
  /** Why; without it, because somebody asked for it. */
  because: z.enum(['pull-request-closed', 'pull-request-retargeted', 'branch-deleted', 'asked-for']).optional(),
});
export type Removal = z.infer<typeof Removal>;

/** The pull request that a release is of. */
export const PullRequest = z.object({ number: z.number().int().positive() });
export type PullRequest = z.infer<typeof PullRequest>;

/** One attempt to bring one commit to one stage of an app: the input of the state machine `Release`. */
export const Release = z.object({
  id: ReleaseId,
  app: Name,
  stage: Name,
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  branch: z.string().optional(),
  /** Set if a tag was pushed or asked for. */
  tag: z.string().optional(),
  pullRequest: PullRequest.optional(),
  /** The configured stage whose settings a made stage has; absent if the stage is configured itself. */
  template: Name.optional(),
  force: z.boolean(),
  /** Only these services, if somebody asked for them. */
  only: z.array(ServicePath).min(1).optional(),
  trigger: Trigger,
  repository: Repository,
  target: Target,
  /** What the stage demands of every shift. */
  shift: StageShift.default(NO_STAGE_SHIFT),
  /** What the stage's owner says of its stacks; absent for `NO_STAGE_GUARD`. */
  guard: StageGuard.optional(),
  /** Where its builds start; absent for EC2. */
  build: SpecialCompute.optional(),
  /** Set on a rollback: nothing is built, the stage returns to what an earlier release left. */
  rollback: Rollback.optional(),
  /** Set on a removal: nothing is built or deployed, the stage is deleted. */
  remove: Removal.optional(),
  /** ISO time at which the trigger accepted it. */
  requestedAt: z.string(),
});
export type Release = z.infer<typeof Release>;

/** Names one release of one stage, for keys and messages. */
export type ReleaseKey = Pick<Release, 'app' | 'stage' | 'id'>;

/** Names one stage of one app. */
export type StageKey = Pick<Release, 'app' | 'stage'>;

/** @returns the configured stage whose settings a release uses: target, environment, build project. */
export const settingsStage = ({ stage, template }: Pick<Release, 'stage' | 'template'>): string => template ?? stage;
