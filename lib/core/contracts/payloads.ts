import * as z from 'zod';
import { BuildTimes } from './build-times';
import { Decision } from './decision';
import { LIVE_ALIAS } from './live-alias';
import { HookTask, ImageUri, LiveCodeSha256 } from './manifest';
import { Name, Release, ReleaseId, ServicePath } from './release';
import { RollbackPreview } from './rollback-preview';
import { StartedShift } from './started-shift';
import { BuildTask, FunctionRecord, Hold, Plan, PlannedService, StepError } from './state';

/** How many services of a phase may deploy side by side: an inline Map of Step Functions runs no more. */
export const MOST_PARALLEL = 40;

/**
 * What passes between the state machines and the workers: one schema per payload, parsed where it enters a worker.
 * The state machine `ServiceRelease` hands `release` and `service` to each of its workers.
 */
export const ServiceReleaseInput = z.object({ release: Release, service: PlannedService });
export type ServiceReleaseInput = z.infer<typeof ServiceReleaseInput>;

/**
 * The name of a branch or tag that somebody asks for: as git takes it (https://git-scm.com/docs/git-check-ref-format),
 * and no longer than its hosts do. What no repository can have is no reason to ask one.
 */
const AskedRef = z
  .string()
  .regex(
    /^[^\s\p{Cc}~^:?*[\\]{1,256}$/u,
    'give a name that git takes: up to 256 characters, no spaces, none of ~ ^ : ? * [ \\',
  );

/** What callers send to learn what a release would do now. */
export const PreviewInput = z
  .object({
    app: Name,
    stage: Name,
    /** Full commit hash; without it, the head of `branch` or the commit of `tag`. */
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, 'give its full hash: 40 digits, 0 to 9 and a to f')
      .optional(),
    branch: AskedRef.optional(),
    tag: AskedRef.optional(),
    force: z.boolean().default(false),
    /** Only these services; without it, those that the plan finds. */
    services: z.array(ServicePath).min(1).optional(),
  })
  .refine(
    ({ commit, branch, tag }) => [commit, branch, tag].some((one) => one !== undefined),
    'give a commit, a branch or a tag',
  );
export type PreviewInput = z.input<typeof PreviewInput>;

/** What a release would do, if it began now. */
export const PreviewOutput = z.object({ commit: z.string(), plan: Plan });
export type PreviewOutput = z.infer<typeof PreviewOutput>;

/**
 * Makes a call that is repeated, as after a lost answer, the same one. It becomes part of a key of the table; without a
 * slash it is no id of an event.
 */
const RequestId = z
  .string()
  .regex(
    /^[\w .:-]{1,128}$/,
    'give an id of your own for what you ask for: up to 128 letters, digits, spaces, "-", "_", "." and ":"',
  );

/** What callers give to start a release (`startRelease`): the CLI, the API; pushes are mapped to it. */
export const StartReleaseInput = PreviewInput.safeExtend({
  /** Idempotency key: the same one again is the same release. */
  requestId: RequestId,
  by: z.string().optional(),
});
export type StartReleaseInput = z.input<typeof StartReleaseInput>;

/** What `startRelease` answers. */
export const StartReleaseOutput = z.object({
  releaseId: ReleaseId,
  status: z.enum(['running', 'waiting', 'superseded', 'duplicate']),
});
export type StartReleaseOutput = z.infer<typeof StartReleaseOutput>;

/** What callers give to roll a stage back. */
export const StartRollbackInput = z.object({
  app: Name,
  stage: Name,
  /** Only this service; without it, all of the stage. */
  service: ServicePath.optional(),
  /** The release to return to: its id, or its beginning or end; without it, the last good one before what is there. */
  to: z.string().optional(),
  /** Whether to tell only what would be done. */
  dryRun: z.boolean().default(false),
  /** Idempotency key: the same one again is the same release. */
  requestId: RequestId,
  by: z.string().optional(),
});
export type StartRollbackInput = z.input<typeof StartRollbackInput>;

/** What is answered: what would be or is being done, and the release that does it. */
export const StartRollbackOutput = z.object({
  preview: RollbackPreview,
  started: StartReleaseOutput.optional(),
});
export type StartRollbackOutput = z.infer<typeof StartRollbackOutput>;

/** What callers give to cancel what runs or waits in a stage. */
export const CancelInput = z.object({
  app: Name,
  stage: Name,
  /** The release to cancel; without it the one that runs, or else the one that waits. */
  releaseId: ReleaseId.optional(),
  by: z.string().optional(),
});
export type CancelInput = z.infer<typeof CancelInput>;

/**
 * What was cancelled. `was`: a release that ran is being undone; its record tells when that is done and what is left.
 */
export const CancelOutput = z.object({ releaseId: ReleaseId, was: z.enum(['waiting', 'running']) });
export type CancelOutput = z.infer<typeof CancelOutput>;

/** In characters: a sentence. */
const LONGEST_WHY = 500;

/** What callers give to keep pushes from releasing services of a stage. */
export const HoldInput = z.object({
  app: Name,
  stage: Name,
  /** Only this service; without it, all that the stage has. */
  service: ServicePath.optional(),
  why: z.string().trim().min(1, 'say why').max(LONGEST_WHY),
  by: z.string().optional(),
});
export type HoldInput = z.input<typeof HoldInput>;

export const HoldOutput = z.object({
  services: z.array(z.object({ path: ServicePath, held: Hold })),
  /** A release that runs, was planned before, and goes on. */
  running: ReleaseId.optional(),
});
export type HoldOutput = z.infer<typeof HoldOutput>;

/** What callers give to have pushes release services again. */
export const ResumeInput = HoldInput.omit({ why: true });
export type ResumeInput = z.input<typeof ResumeInput>;

export const ResumeOutput = z.object({
  /** Those that were held, and what held them. */
  services: z.array(z.object({ path: ServicePath, held: Hold })),
});
export type ResumeOutput = z.infer<typeof ResumeOutput>;

/** What callers give to remove a made stage, or what is deployed in a configured one. */
export const RemoveStageInput = z.object({
  app: Name,
  stage: Name,
  /** Whether buckets are emptied; without it as the rule says that the stage was made by. */
  emptyBuckets: z.boolean().optional(),
  requestId: RequestId,
  by: z.string().optional(),
});
export type RemoveStageInput = z.infer<typeof RemoveStageInput>;

/** Output of `Plan`: for each phase the executions of `ServiceRelease` to start. */
export const PlanOutput = z.object({
  phases: z.array(z.array(z.object({ executionName: z.string().max(80), service: PlannedService }))),
  /** How many services of a phase run side by side. */
  parallel: z.number().int().min(1).max(MOST_PARALLEL).default(MOST_PARALLEL),
  /** Whether seed.yml has commands to run when all services have succeeded. */
  afterAll: z.boolean().default(false),
});
export type PlanOutput = z.infer<typeof PlanOutput>;

/** `warning`: why it runs elsewhere than the stage's builds do. */
export const BuildStarted = z.object({ buildId: z.string(), warning: z.string().optional() });
/** `task`: what the build is for; packaging, unless a hook is named. `service` is the root for `after_all`. */
export const StartBuildInput = ServiceReleaseInput.extend({ task: BuildTask.default('package') });
export const WaitForBuildInput = StartBuildInput.extend({ buildId: z.string() });
/** `times`: what CodeBuild tells of a build that has succeeded. */
export const WaitForBuildOutput = z.object({ status: z.enum(['running', 'done']), times: BuildTimes.optional() });

const functionToPrepare = z.object({
  logicalId: z.string(),
  name: z.string(),
  /** The alias that is to be moved afterwards. */
  alias: z.string().default(LIVE_ALIAS),
  /** Hash of the code that must be live afterwards. */
  codeSha256: LiveCodeSha256,
  /** What served before; absent for a new function. */
  previousVersion: z.string().optional(),
});

/** A function that needs a version to shift to. */
export const FunctionToPrepare = z.discriminatedUnion('action', [
  /** Puts the bundle (its S3 key) in place and publishes, unless `$LATEST` has changed since this revision was read. */
  functionToPrepare.extend({
    action: z.literal('update-code'),
    bundle: z.string(),
    revisionId: z.string(),
    /** Set if it has no alias yet: first what runs is published, and the alias made there, to return to. */
    startsAlias: z.literal(true).optional(),
  }),
  /** The same with a container image, by its digest. */
  functionToPrepare.extend({ action: z.literal('update-image'), image: ImageUri, revisionId: z.string() }),
  /** Publishes what CloudFormation put in place. */
  functionToPrepare.extend({ action: z.literal('publish') }),
  /** Leaves the alias where it is: the version that it names is what `$LATEST` is. */
  functionToPrepare.extend({ action: z.literal('keep-version'), version: z.string() }),
  /** Uses an existing version: a rollback returns to it. Nothing is changed or published. */
  functionToPrepare.extend({ action: z.literal('reuse-version'), version: z.string() }),
]);
export type FunctionToPrepare = z.infer<typeof FunctionToPrepare>;

/** A published version that the alias is to be moved to. */
export const PreparedFunction = z.object({
  logicalId: z.string(),
  name: z.string(),
  version: z.string(),
  codeSha256: LiveCodeSha256,
  /** Whether anything differs from what served before. */
  updated: z.boolean(),
  /** Set if the version was there already, so that `$LATEST` may hold other code. */
  reused: z.literal(true).optional(),
  /** Set if its alias names this version already: nothing is to be waited for or moved. */
  kept: z.literal(true).optional(),
  /** The alias to move. */
  alias: z.string().default(LIVE_ALIAS),
  /** What served before, for the alias to go back to; absent for a new function. */
  previousVersion: z.string().optional(),
});
export type PreparedFunction = z.infer<typeof PreparedFunction>;

/** Functions that one worker prepares together, and how far it has come. */
export const PrepareBatch = z.object({
  /** What nothing was done with yet. */
  functions: z.array(FunctionToPrepare),
  /** Versions that Lambda is still making. */
  pending: z.array(PreparedFunction).default([]),
  /** Versions that an alias can be moved to. */
  prepared: z.array(PreparedFunction).default([]),
});
export type PrepareBatch = z.infer<typeof PrepareBatch>;

/** Output of `Prepare functions`: after `wait` seconds it goes on with what is left. */
export const PrepareOutput = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), batch: PrepareBatch }),
  z.object({ status: z.literal('running'), batch: PrepareBatch, wait: z.number().int().nonnegative() }),
]);
export type PrepareOutput = z.infer<typeof PrepareOutput>;

/** Output of `Decide`. */
export const DecideOutput = z.object({
  decision: Decision,
  batches: z.array(PrepareBatch),
  /** Whether CodeDeploy moves any of the service's aliases. */
  gradual: z.boolean(),
  /** The hooks of seed.yml to run around the deployment. */
  hooks: z.array(HookTask),
});
export type DecideOutput = z.infer<typeof DecideOutput>;

/** Output of `Compare functions` after a stack update. */
export const ReadFunctionsOutput = z.object({ batches: z.array(PrepareBatch) });
export type ReadFunctionsOutput = z.infer<typeof ReadFunctionsOutput>;

export const PrepareInput = ServiceReleaseInput.extend({ batch: PrepareBatch });

/** One CloudFormation operation: `none` if there was nothing to update. */
export const StackOperation = z.object({
  kind: z.enum(['create', 'update', 'delete', 'none']),
  stackName: z.string(),
  /** ClientRequestToken of the operation; its events carry it. */
  token: z.string(),
  /** The service wants no rollback: an operation that failed has ended as soon as it has failed. */
  staysAsItFailed: z.boolean().optional(),
});
export type StackOperation = z.infer<typeof StackOperation>;
export const WaitForStackInput = ServiceReleaseInput.extend({ operation: StackOperation });
/**
 * `deleted`: a stack left from a failed creation is gone; start again. `failed`: a removal could not delete the stack;
 * what comes next says why.
 */
export const WaitForStackOutput = z.object({
  status: z.enum(['running', 'done', 'deleted', 'failed']),
  events: z.array(z.string()),
});

export const MoveAliasesInput = ServiceReleaseInput.extend({
  prepared: z.array(PreparedFunction),
  /** Logical ids of the functions whose aliases have moved already. */
  moved: z.array(z.string()).default([]),
});

/** Output of `Move aliases`: `running` while Lambda throttles some of the moves. */
export const MoveAliasesOutput = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), functions: z.array(FunctionRecord) }),
  z.object({ status: z.literal('running'), moved: z.array(z.string()) }),
]);
export type MoveAliasesOutput = z.infer<typeof MoveAliasesOutput>;

/** Starts what CodeDeploy moves; `atOnce` is left for `Move aliases`, after all that has ended well. */
export const StartShiftInput = ServiceReleaseInput.extend({
  decision: Decision,
  prepared: z.array(PreparedFunction),
});
export const StartShiftOutput = z.object({
  shift: StartedShift,
  atOnce: z.array(PreparedFunction),
  /** With what was learned about the functions that move. */
  decision: Decision,
});
export type StartShiftOutput = z.infer<typeof StartShiftOutput>;

export const WaitForShiftInput = ServiceReleaseInput.extend({ shift: StartedShift });

/** Epoch milliseconds at which each step of a service began; the recorder turns them into durations. */
export const Marks = z.object({
  build: z.number(),
  deploy: z.number().optional(),
  shift: z.number().optional(),
  record: z.number(),
});

/** An optional value of a state machine: its variables start as null. */
const unset = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const RecordInput = ServiceReleaseInput.extend({
  decision: Decision,
  /** All functions prepared by this release (empty when skipped). */
  prepared: z.array(PreparedFunction),
  marks: Marks,
  buildId: unset(z.string()),
  /** What CodeBuild told of it. */
  buildTimes: unset(BuildTimes),
  /** What a person should know of it. */
  buildWarning: unset(z.string()),
});
export type RecordInput = z.infer<typeof RecordInput>;

/** As Step Functions gives an error to a Catch: the thrown error's name, and its JSON (or text) as `Cause`. */
export const CaughtError = z.object({ Error: z.string(), Cause: z.string().optional() });

export const WaitForShiftOutput = z.discriminatedUnion('status', [
  z.object({ status: z.literal('running'), shift: StartedShift }),
  z.object({
    status: z.literal('done'),
    shift: StartedShift,
    /** Logical ids of the functions whose traffic has moved. */
    moved: z.array(z.string()),
    /** Why others did not, where each function moves for itself. */
    error: CaughtError.optional(),
  }),
]);
export type WaitForShiftOutput = z.infer<typeof WaitForShiftOutput>;

export const RestoreFunctionsInput = ServiceReleaseInput.extend({
  error: CaughtError,
  /** Logical ids of functions that keep their new version, because each moves by itself. */
  kept: unset(z.array(z.string())),
});
export type RestoreFunctionsInput = z.infer<typeof RestoreFunctionsInput>;

export const RecordFailureInput = ServiceReleaseInput.extend({
  error: CaughtError,
  decision: unset(Decision),
  prepared: unset(z.array(PreparedFunction)),
  kept: unset(z.array(z.string())),
  marks: Marks.partial(),
  buildId: unset(z.string()),
  buildTimes: unset(BuildTimes),
  buildWarning: unset(z.string()),
});
export type RecordFailureInput = z.infer<typeof RecordFailureInput>;

/** Output of `Prepare removal`: what there is of a service to remove. */
export const ServiceRemoval = z.object({
  /** Absent if there is no stack of this service. */
  stackName: z.string().optional(),
  /** The hooks of seed.yml to run around the removal. */
  hooks: z.array(HookTask),
  /** What the removal will leave, and what else a person should know of it. */
  warnings: z.array(z.string()),
});
export type ServiceRemoval = z.infer<typeof ServiceRemoval>;

/** What each step of a removal gets. */
export const RemovalInput = ServiceReleaseInput.extend({ removal: ServiceRemoval });
export type RemovalInput = z.infer<typeof RemovalInput>;

/** `deleted`: versions of objects that were deleted so far. */
export const EmptyBucketsInput = RemovalInput.extend({ deleted: z.number().int() });
export const EmptyBucketsOutput = z.object({ status: z.enum(['running', 'done']), deleted: z.number().int() });
export type EmptyBucketsOutput = z.infer<typeof EmptyBucketsOutput>;

/** What deletes a stack, and what looks whether it is gone, get. `attempt`: from 1. */
export const StackDeletionInput = RemovalInput.extend({ attempt: z.number().int().positive() });
/** `there`: the stack is to be deleted once more. */
export const VerifyRemovalOutput = z.object({ status: z.enum(['gone', 'there']) });
export type VerifyRemovalOutput = z.infer<typeof VerifyRemovalOutput>;

export const RecordRemovalInput = RemovalInput.extend({
  deleted: z.number().int(),
  /** Why the commands around the removal did not run. */
  hookError: unset(CaughtError),
  marks: Marks.partial(),
});

/**
 * What `Finish` is told by the state machine itself; an execution that was aborted or timed out arrives as an event.
 */
export const FinishInput = z.object({ release: Release, error: StepError.or(CaughtError).optional() });

/** Input of `Prune`: a release that has ended, or without one all stages. */
export const PruneInput = z.object({ release: z.object({ app: Name, stage: Name, releaseId: ReleaseId }).optional() });
