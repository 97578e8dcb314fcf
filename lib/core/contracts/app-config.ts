import * as z from 'zod';
import { SpecialCompute } from './build-machine';
import { Name, Repository, Target } from './release';
import { NO_STAGE_SHIFT, StageShift } from './settings';
import { StageGuard } from './stage-guard';

/** So many deployments of a service can be rolled back to by a move of aliases, unless a stage says otherwise. */
export const KEPT_RELEASES = 10;

/** By what a stage tells that a tag is older than the one that it has, and so would take it back. */
export const TAG_ORDERS = ['newest-commit', 'semver', 'any'] as const;
export type TagOrder = (typeof TAG_ORDERS)[number];

const Globs = z.array(z.string().min(1));

/** A stage of an app: the branches and tags that deploy to it (names or globs) and where it lives. */
export const StageConfig = z.object({
  branches: Globs,
  tags: Globs.default([]),
  /** Absent for `newest-commit`. */
  tagOrder: z.enum(TAG_ORDERS).optional(),
  target: Target,
  /** How many deployments of a service keep the versions of their functions; absent for `KEPT_RELEASES`. */
  keepReleases: z.number().int().positive().optional(),
  /** What its owner demands of every shift. */
  shift: StageShift.default(NO_STAGE_SHIFT),
  /** What its owner says of its stacks; absent for `NO_STAGE_GUARD`. */
  guard: StageGuard.optional(),
  /** Where its builds start; absent for EC2. */
  build: SpecialCompute.optional(),
});
export type StageConfig = z.infer<typeof StageConfig>;

/** How stages are made of what happens in the repository, and what becomes of them. */
const StageRule = z.object({
  /** The configured stage whose settings the made stages have. */
  template: Name,
  /** Whether buckets are emptied when such a stage is removed. */
  emptyBuckets: z.boolean(),
});

/** Each pull request into one of the base branches gets a stage `pr-<number>`. */
export const PullRequestRule = StageRule.extend({
  /** Base branches (names or globs) of the pull requests that count. */
  into: Globs,
});
export type PullRequestRule = z.infer<typeof PullRequestRule>;

/** Each branch that matches gets a stage of its own, named after it. */
export const BranchRule = StageRule.extend({ branches: Globs });
export type BranchRule = z.infer<typeof BranchRule>;

/** A connected app, as stored by the platform and read by the trigger: what seedbed.yml comes to. */
export const AppConfig = z.object({
  app: Name,
  repository: Repository,
  /** The host's id of the repository, if its owner names it; else that of the first contact counts. */
  repositoryId: z.string().optional(),
  stages: z.record(Name, StageConfig),
  pullRequests: PullRequestRule.optional(),
  branchStages: z.array(BranchRule).default([]),
  /** Whether a tag is ignored, too, if its commit is marked to be skipped. */
  skipMarks: z.object({ tags: z.boolean() }).optional(),
});
export type AppConfig = z.infer<typeof AppConfig>;
