import * as z from 'zod';
import { Architecture } from './architecture';
import { BuildTimes } from './build-times';
import { Decision } from './decision';
import { Sha256Hex } from './manifest';
import { Reason } from './reasons';
import { Name, Release, ReleaseId, Repository, ServicePath } from './release';
import { STEPS } from './steps';
import { timesOf } from './times-of';
import { wordOf } from './word-of';

/** An error as stored and shown: the code of a ReleaseError (or the raw name of anything else) and its message. */
export const StepError = z.object({ code: z.string(), message: z.string() });
export type StepError = z.infer<typeof StepError>;

/** Milliseconds per step; a step that did not run is absent. */
export const Durations = timesOf(STEPS, z.number());
export type Durations = z.infer<typeof Durations>;

/** `waiting` → `running` → one of the ends; `superseded` never ran, because a newer release took its place. */
export const RELEASE_STATUS = ['waiting', 'running', 'succeeded', 'failed', 'aborted', 'superseded'] as const;

/**
 * `deploying` from the first change on: a release that dies there counts as failed, and its successor deploys in full.
 */
const SERVICE_STATUS = ['deploying', 'deployed', 'failed'] as const;

/** What the plan says of one service. */
export const PlannedService = z.object({
  path: ServicePath,
  reasons: z.array(Reason),
  /** Number of its phase among all of the repository's, from 0; a removal goes through them backwards. */
  phase: z.number().int().nonnegative().optional(),
  /** Stamp of the stage's environment when this was planned. */
  environment: z.string().optional(),
});
export type PlannedService = z.infer<typeof PlannedService>;

/** The plan of a release: phases one after another, the services of a phase side by side. */
export const Plan = z.object({ phases: z.array(z.array(PlannedService)), skip: z.array(PlannedService) });
export type Plan = z.infer<typeof Plan>;

/** Item `RELEASE#<ulid>`. */
export const ReleaseRecord = z.object({
  release: Release,
  status: z.enum(RELEASE_STATUS),
  executionArn: z.string().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  plan: Plan.optional(),
  plannedAt: z.string().optional(),
  durations: Durations.optional(),
  /** Of the builds that it waited for; absent in old records, and where nothing was built. */
  buildTimes: BuildTimes.optional(),
  error: StepError.optional(),
  supersededBy: ReleaseId.optional(),
  /** ISO time at which its end was published; until then a repeated `Finish` publishes it. */
  announcedAt: z.string().optional(),
  /** Versions of functions that were deleted after its end, since nothing needed them any more. */
  pruned: z.object({ versions: z.number().int(), bytes: z.number().int() }).optional(),
  /** Set when somebody has cancelled it. */
  cancel: z.object({ by: z.string().optional(), at: z.string() }).optional(),
});
export type ReleaseRecord = z.infer<typeof ReleaseRecord>;

/** One function in the record of a service: `updated` if this release changed what serves. */
export const FunctionRecord = z.object({
  logicalId: z.string(),
  name: z.string(),
  updated: z.boolean(),
  version: z.string(),
});
export type FunctionRecord = z.infer<typeof FunctionRecord>;

/** Item `RELEASE#<ulid>#SERVICE#<path>`: what a release did with one service. */
export const ServiceRecord = z.object({
  path: ServicePath,
  status: z.enum(['deployed', 'skipped', 'failed', 'removed']),
  /** Reasons of the plan. */
  planned: z.array(Reason),
  decision: Decision.optional(),
  functions: z.array(FunctionRecord),
  outputs: z.record(z.string(), z.string()),
  durations: Durations,
  buildId: z.string().optional(),
  /** How long the parts of its build took; absent in old records, and where nothing was built. */
  buildTimes: BuildTimes.optional(),
  /** What a person should know although it stopped nothing: what a removal leaves, outputs that are left out. */
  warnings: z.array(z.string()).optional(),
  error: StepError.optional(),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;

/** Why a service stays as it is although pushes change it: after a rollback, or because somebody asked for it. */
export const Hold = z.object({
  /** The newest commit that the stage had been asked for when this began: what differs from it touches the service. */
  commit: z.string(),
  /** ISO time. */
  at: z.string(),
  why: z.string(),
  by: z.string().optional(),
  /** The rollback that it follows from; absent if somebody asked for it. */
  rollback: ReleaseId.optional(),
});
export type Hold = z.infer<typeof Hold>;

/** How a release left a service; the next release starts from it. */
const ServiceEnd = z.object({
  status: z.enum(SERVICE_STATUS),
  /** The release that wrote this last (fencing: writes of older ones are refused). */
  releaseId: ReleaseId,
});

/** Item `SERVICE#<path>`: the service's deployed state in a stage. */
export const ServiceState = ServiceEnd.extend({
  path: ServicePath,
  /**
   * The release that ended while it was at work on the service, which was then undone: no worker of it that is late may
   * write any more.
   */
  closedBy: ReleaseId.optional(),
  /**
   * The state that the release found before it marked the service as `deploying`; absent if there was none. It counts
   * only while that mark stands, so that a repeated Decide sees what it saw the first time.
   */
  found: ServiceEnd.optional(),
  /**
   * What the release read when it decided: SHA-256 of its manifest's bytes. Whoever reads the manifest later in the
   * release compares it. Absent where an older version of the platform decided.
   */
  decidedOn: z.object({ releaseId: ReleaseId, manifestSha256: Sha256Hex }).optional(),
  /** Last deployed commit; absent until the first success. */
  commit: z.string().optional(),
  /** S3 key of the last DeployedPackage; absent until the first success. */
  deployedPackage: z.string().optional(),
  stackName: z.string().optional(),
  /** Architecture of the package that was deployed last: its next build runs there. */
  architecture: Architecture.optional(),
  /** Files outside of its directory that its last package was made of, see `OutsideFiles`: the plan looks at them. */
  outsideFiles: z.array(z.string()).optional(),
  /**
   * What may have read others, see `outsideUnseen` of the manifest. It counts only while `commit` is the deployed one,
   * so that what older versions of the platform deploy is not taken to be seen.
   */
  outsideUnseen: z.object({ commit: z.string(), by: z.array(z.string()) }).optional(),
  /** Number of its phase when it was deployed last. */
  phase: z.number().int().nonnegative().optional(),
  /** Stamp of the stage's environment when its last deployment was planned. */
  environment: z.string().optional(),
  /** Outputs of its stack when it was deployed last; later services get them. */
  outputs: z.record(z.string(), z.string()).optional(),
  /** Set while pushes leave it alone, until one touches it. */
  held: Hold.optional(),
  /** Why this stands for a state that cannot be read; never stored. */
  unreadable: z.string().optional(),
});
export type ServiceState = z.infer<typeof ServiceState>;

/**
 * Item `DEPLOYED#<path> <ulid>`: what a release left deployed of a service. What a stage had after some release is the
 * newest of these up to that release.
 */
export const DeployedThen = z.object({
  path: ServicePath,
  /** The release that deployed it. */
  releaseId: ReleaseId,
  /** The commit it was built of. */
  commit: z.string(),
  /** S3 key of its DeployedPackage. */
  deployedPackage: z.string(),
  stackName: z.string().optional(),
});
export type DeployedThen = z.infer<typeof DeployedThen>;

/** Item `APP#<app>`, `REPOSITORY`: which repository was found under its name at first. */
export const KnownRepository = z.object({
  repository: Repository,
  /** The host's id, which stays the same when it is renamed. */
  id: z.string(),
  /** ISO time of the first contact. */
  at: z.string(),
});
export type KnownRepository = z.infer<typeof KnownRepository>;

const IGNORED_REASONS = [
  'repository-not-connected',
  'repository-replaced',
  'branch-without-stage',
  'branch-deleted',
  'tag-without-stage',
  'tag-deleted',
  'tag-out-of-order',
  'tag-without-version',
  'pull-requests-off',
  'pull-request-of-fork',
  'pull-request-to-other-branch',
  'skip-marked',
  'not-there-yet',
  'stage-name-taken',
] as const;

/** Item `IGNORED#<time>#<event id>`: a push that started no release, and why. */
export const IgnoredPush = z.object({
  /** Absent if no app is connected to the repository. */
  app: Name.optional(),
  repository: Repository,
  /** Branch, tag, or `#12` of a pull request. */
  branch: z.string(),
  reason: z.object({ code: wordOf(IGNORED_REASONS), message: z.string() }),
  /** ISO time of the event. */
  at: z.string(),
  eventId: z.string(),
});
export type IgnoredPush = z.infer<typeof IgnoredPush>;

/** A branch `heads/main`, a tag `tags/v1` or a pull request `pull/12`: as git and GitHub name them, below `refs/`. */
export const RefName = z.string().regex(/^(heads|tags|pull)\/./);
export type RefName = z.infer<typeof RefName>;

/**
 * Item `APP#<app>`, `REF#<stage>#<ref>`: the newest state of a branch, tag or pull request that was accepted for a
 * stage. So the same state is released once, whatever tells of it, and what no event has told is found.
 */
export const RefState = z.object({
  stage: Name,
  ref: RefName,
  /** What it pointed at: a commit, or an annotated tag. Absent if it was gone. */
  head: z.string().optional(),
  /** The release that came of it; absent if its commit is marked to be skipped, or there was nothing to remove. */
  releaseId: ReleaseId.optional(),
  /** ISO time. */
  at: z.string(),
  /** That release, if it failed because the repository's host was away: the state is to be released again. */
  again: ReleaseId.optional(),
});
export type RefState = z.infer<typeof RefState>;

/** Item `APP#<app>`, `SEEN`: what the last reconciliation saw of the app's repository. */
export const SeenRefs = z.object({
  /** Absent before there were items `REF#`: then the history says what was accepted. */
  version: z.literal(2).optional(),
  /** Branches with the first digits of the commits they pointed at. */
  branches: z.record(z.string(), z.string()),
  /** The same of the tags that begin with one of `tagPrefixes`; absent if they were not asked for. */
  tags: z.record(z.string(), z.string()).optional(),
  tagPrefixes: z.array(z.string()).optional(),
  /** Numbers of the open pull requests that have a stage by the rule; absent if they were not asked for. */
  pullRequests: z.array(z.number().int()).optional(),
  /** Numbers of those that have none: of forks, or into other branches. Before `version` they were among the others. */
  otherPullRequests: z.array(z.number().int()).optional(),
  /** Set if there was no room for all: what is not in it may be old. */
  cut: z.literal(true).optional(),
});
export type SeenRefs = z.infer<typeof SeenRefs>;

/**
 * Item `PLANNED` of a stage: the services that the last plan left out were then, in all that concerns them, as they had
 * been deployed. So their next comparison may start at that plan's commit, and a release needs one base in nearly all
 * cases.
 */
export const PlannedAt = z.object({
  /** The commit that was planned. */
  commit: z.string(),
  /** Of each service left out, the commit it was deployed of: if that has changed since, the entry counts no more. */
  unchanged: z.record(ServicePath, z.string()),
});
export type PlannedAt = z.infer<typeof PlannedAt>;

/** What a build of a release is for: to package a service, or to run the commands of one of its hooks. */
const BUILD_TASKS = ['package', 'before_deploy', 'after_deploy', 'before_remove', 'after_remove', 'after_all'] as const;
export const BuildTask = z.enum(BUILD_TASKS);
export type BuildTask = z.infer<typeof BuildTask>;

/** Item `RELEASE#<ulid>#BUILD#<path> <task>`: a build of a release, for its log and to stop it. */
export const BuildRecord = z.object({
  path: ServicePath,
  task: BuildTask,
  buildId: z.string(),
  /** ISO time. */
  startedAt: z.string(),
});
export type BuildRecord = z.infer<typeof BuildRecord>;

/** Item `STORAGE`, `TARGET#<account> <region>`: how much of Lambda's code storage a target uses. */
export const CodeStorage = z.object({
  account: z.string(),
  region: z.string(),
  /** Bytes of all functions, versions and layers. */
  used: z.number().int().nonnegative(),
  /** Bytes that the account may use. */
  limit: z.number().int().nonnegative(),
  /** ISO time at which it was read. */
  at: z.string(),
});
export type CodeStorage = z.infer<typeof CodeStorage>;
