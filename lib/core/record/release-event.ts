import * as z from 'zod';
import { DECISION_REASONS, PLAN_REASONS } from '../contracts/reasons';
import {
  Name,
  PullRequest,
  ReleaseId,
  Removal,
  Repository,
  Rollback,
  ServicePath,
  Trigger,
} from '../contracts/release';
import { Durations, RELEASE_STATUS, type ReleaseRecord, type ServiceRecord, StepError } from '../contracts/state';
import { boundText } from '../text/bound-text';
import { executionUrl } from '../text/console-url';
import { failedFirst, OUTCOME_STATUS, type ServiceOutcome, serviceOutcomes } from './service-outcomes';

/** Source and detail type by which subscribers find the events of releases on the event bus. */
export const RELEASE_EVENT = { source: 'seedbed', detailType: 'Release State Change' } as const;

const IsoTime = z.string().describe('ISO 8601, UTC');

const EventService = z.object({
  path: ServicePath,
  status: z
    .enum(OUTCOME_STATUS)
    .describe(
      'planned: not done yet; skipped: built, but nothing differed; not-run: the release ended first; left-out: ' +
        'the plan found nothing to do',
    ),
  phase: z.number().int().optional().describe('from 0; services of a phase are deployed side by side'),
  planned: z.array(z.enum(PLAN_REASONS)).describe('why the plan included it or left it out'),
  decision: z
    .object({
      kind: z.enum(['skip', 'incremental', 'full']),
      reasons: z.array(z.enum(DECISION_REASONS)),
      changedFunctions: z.number().int().describe('how many functions have new code'),
    })
    .optional(),
  durations: Durations.optional().describe('milliseconds per step'),
  error: StepError.optional(),
});

/** Detail of the event: a release as it is recorded when its status changes. The published schema is made of this. */
export const ReleaseEvent = z
  .object({
    app: Name,
    stage: Name,
    template: Name.optional().describe('the configured stage whose settings a made stage has'),
    releaseId: ReleaseId,
    status: z
      .enum(RELEASE_STATUS)
      .describe(
        'waiting: another release runs; running: its execution has begun; superseded: a newer one took its place',
      ),
    repository: Repository,
    commit: z.string(),
    branch: z.string().optional(),
    tag: z.string().optional(),
    pullRequest: PullRequest.optional(),
    trigger: Trigger.shape.type.describe('what started it'),
    by: z.string().optional().describe('who pushed or called'),
    rollback: Rollback.optional().describe('set if the stage returns to what an earlier release left'),
    remove: Removal.optional().describe('set if the stage is removed'),
    cancelled: z.object({ by: z.string().optional(), at: IsoTime }).optional().describe('set if somebody cancelled it'),
    supersededBy: ReleaseId.optional(),
    requestedAt: IsoTime,
    startedAt: IsoTime.optional(),
    finishedAt: IsoTime.optional(),
    durations: Durations.optional().describe('milliseconds per step; "trigger" is the time it waited'),
    error: StepError.optional(),
    executionArn: z.string().optional(),
    executionUrl: z.string().optional().describe('the execution in the console of Step Functions'),
    services: z.array(EventService),
    truncated: z
      .number()
      .int()
      .optional()
      .describe('how many services are left out of the list, since an event must stay small; failed ones are first'),
  })
  .meta({
    title: 'Seedbed: Release State Change',
    description:
      'Detail of the EventBridge event with source "seedbed" and detail type "Release State Change". Keys may be ' +
      'added; none will be removed.',
  });
export type ReleaseEvent = z.infer<typeof ReleaseEvent>;
type EventService = z.infer<typeof EventService>;

/**
 * EventBridge takes 1 MB, but what it is handed on to often less: an SNS message may have 256 KiB, this event's
 * envelope and attributes included. https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
const MOST_BYTES = 240_000;
const MOST_ERROR_CHARACTERS = 2_000;

/** @returns the event that tells of a release as it is recorded. */
export function releaseEvent(record: ReleaseRecord, services: readonly ServiceRecord[]): ReleaseEvent {
  const { id, trigger, ...release } = record.release;
  const { app, stage, template, repository, commit, branch, tag, pullRequest, rollback, remove, requestedAt } = release;
  const { status, executionArn, startedAt, finishedAt, durations, error, cancel, supersededBy } = record;
  const head: ReleaseEvent = {
    app,
    stage,
    template,
    releaseId: id,
    status,
    repository,
    commit,
    branch,
    tag,
    pullRequest,
    trigger: trigger.type,
    by: trigger.by,
    rollback,
    remove,
    cancelled: cancel,
    supersededBy,
    requestedAt,
    startedAt,
    finishedAt,
    durations,
    error: error && short(error),
    executionArn,
    executionUrl: executionArn && executionUrl(executionArn),
    services: [],
  };
  const outcomes = serviceOutcomes(record, services).map(eventService);
  const taken = fitting(outcomes, MOST_BYTES - bytes(head));
  if (taken.length === outcomes.length) return { ...head, services: outcomes };
  return { ...head, services: taken, truncated: outcomes.length - taken.length };
}

const eventService = ({ path, status, phase, planned, decision, durations, error }: ServiceOutcome): EventService => ({
  path,
  status,
  phase,
  durations,
  error: error && short(error),
  planned: codesOf(planned, PLAN_REASONS),
  decision: decision && {
    kind: decision.kind,
    reasons: codesOf(decision.reasons, DECISION_REASONS),
    changedFunctions: decision.changedFunctions.length,
  },
});

/** @returns each known code once. */
const codesOf = <Code extends string>(reasons: readonly { readonly code: string }[], known: readonly Code[]): Code[] =>
  known.filter((code) => reasons.some((reason) => reason.code === code));

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const short = ({ code, message }: StepError): StepError => ({
  code,
  message: boundText(message, MOST_ERROR_CHARACTERS),
});

/** @returns all services if they fit into that many bytes, or else the most telling ones that do. */
function fitting(services: readonly EventService[], room: number): EventService[] {
  const sizes = new Map(services.map((service) => [service, bytes(service) + 1]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (total <= room) return [...services];
  let left = room - '"truncated":1000000,'.length;
  const taken: EventService[] = [];
  for (const service of failedFirst(services)) {
    left -= sizes.get(service)!;
    if (left < 0) break;
    taken.push(service);
  }
  return taken;
}
