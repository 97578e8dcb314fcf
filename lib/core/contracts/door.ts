import * as z from 'zod';
import { AppConfig } from './app-config';
import { Diagnosis, DoctorInput } from './diagnosis';
import { MadeStage } from './made-stage';
import {
  CancelInput,
  CancelOutput,
  HoldInput,
  HoldOutput,
  PreviewInput,
  PreviewOutput,
  RemoveStageInput,
  ResumeInput,
  ResumeOutput,
  StartReleaseInput,
  StartReleaseOutput,
  StartRollbackInput,
  StartRollbackOutput,
} from './payloads';
import { Name, ReleaseId, ServicePath } from './release';
import { BuildRecord, CodeStorage, IgnoredPush, ReleaseRecord, ServiceRecord, ServiceState } from './state';
import { type UnreadableRelease, unreadableRelease } from './unreadable';

/** Stage of the door's API: part of its address, and of the ARNs by which policies know it whatever its id is. */
export const DOOR_STAGE = 'seedbed';

/** The newest releases that are told at once. */
const MOST_RELEASES = 500;

const AStage = z.object({ app: Name, stage: Name });
const ARelease = AStage.extend({ release: ReleaseId });
/** A release in a list, where one that the platform or the caller does not understand keeps nobody from the others. */
const Listed = z.union([
  ReleaseRecord,
  z.object({ release: z.object({ app: Name, stage: Name, id: ReleaseId }), why: z.string().optional() }).transform(
    ({ release, why = unreadableRelease(release.id) }): UnreadableRelease => ({
      release,
      status: 'unreadable',
      why,
    }),
  ),
]);

/** Histories of executions that are read for one call: an account has few such reads a second. */
const MOST_HISTORIES = 10;
const EnteredState = z.object({ name: z.string(), at: z.number() });
const limit = z.number().int().min(1).max(MOST_RELEASES);

/**
 * The calls that the door answers: the HTTP API by which people and programs reach the platform. `route`: IAM judges
 * method and path, so whatever decides who may make a call is in its path; what is in braces is of the input, and what
 * else the input has is in the body of a POST or the query of a GET. A GET changes nothing.
 *
 * No part of a path in braces takes a `/`, and nothing comes after a stage that could be taken for another one: so `*`
 * in a policy means what it seems to.
 */
export const DOOR_CALLS = {
  startRelease: call('POST /apps/{app}/stages/{stage}/releases', StartReleaseInput, StartReleaseOutput),
  startRollback: call(
    'POST /apps/{app}/stages/{stage}/rollbacks',
    StartRollbackInput.omit({ dryRun: true }),
    StartRollbackOutput,
  ),
  cancelRelease: call('POST /apps/{app}/stages/{stage}/cancel', CancelInput, CancelOutput),
  holdServices: call('POST /apps/{app}/stages/{stage}/hold', HoldInput, HoldOutput),
  resumeServices: call('POST /apps/{app}/stages/{stage}/resume', ResumeInput, ResumeOutput),
  removeStage: call('POST /apps/{app}/stages/{stage}/removal', RemoveStageInput, StartReleaseOutput),

  previewRelease: call('GET /apps/{app}/stages/{stage}/plan', PreviewInput, PreviewOutput),
  previewRollback: call(
    'GET /apps/{app}/stages/{stage}/rollbacks/preview',
    StartRollbackInput.omit({ dryRun: true, requestId: true, by: true }),
    StartRollbackOutput.pick({ preview: true }),
  ),
  diagnose: call('GET /apps/{app}/diagnosis', DoctorInput, Diagnosis),

  listApps: call('GET /apps', z.object({}), z.object({ apps: z.array(Name) })),
  readApp: call('GET /apps/{app}', z.object({ app: Name }), AppConfig),
  listStages: call(
    'GET /apps/{app}/stages',
    z.object({ app: Name }),
    z.object({ configured: z.array(Name), made: z.array(MadeStage) }),
  ),
  readStage: call('GET /apps/{app}/stages/{stage}', AStage, z.object({ services: z.array(ServiceState) })),
  listReleases: call(
    'GET /apps/{app}/stages/{stage}/releases',
    AStage.extend({ limit: limit.default(20) }),
    z.object({ releases: z.array(Listed) }),
  ),
  readRelease: call('GET /apps/{app}/stages/{stage}/releases/{release}', ARelease, ReleaseRecord),
  listServices: call(
    'GET /apps/{app}/stages/{stage}/releases/{release}/services',
    ARelease,
    z.object({ services: z.array(ServiceRecord) }),
  ),
  listBuilds: call(
    'GET /apps/{app}/stages/{stage}/releases/{release}/builds',
    ARelease,
    z.object({ builds: z.array(BuildRecord) }),
  ),
  readProgress: call(
    'GET /apps/{app}/stages/{stage}/releases/{release}/progress',
    ARelease,
    z.object({
      status: z.enum(['running', 'succeeded', 'failed', 'timed-out', 'aborted', 'unknown']),
      /** The states that the release's execution has entered, newest first. */
      entered: z.array(EnteredState),
    }),
  ),
  readServiceProgress: call(
    'GET /apps/{app}/stages/{stage}/releases/{release}/services/progress',
    ARelease.extend({ services: z.array(ServicePath).min(1).max(MOST_HISTORIES) }),
    z.object({ services: z.array(z.object({ path: ServicePath, entered: z.array(EnteredState) })) }),
  ),
  listIgnored: call(
    'GET /apps/{app}/ignored',
    z.object({ app: Name, limit: limit.default(20) }),
    z.object({ ignored: z.array(IgnoredPush) }),
  ),
  listIgnoredOfNoApp: call(
    'GET /ignored',
    z.object({ limit: limit.default(20) }),
    z.object({ ignored: z.array(IgnoredPush) }),
  ),
  listCodeStorages: call('GET /code-storages', z.object({}), z.object({ storages: z.array(CodeStorage) })),
} as const;

export type DoorCall = keyof typeof DOOR_CALLS;
/** What a caller gives. */
export type DoorInput<Call extends DoorCall> = z.input<(typeof DOOR_CALLS)[Call]['input']>;
/** What the door answers. */
export type DoorOutput<Call extends DoorCall> = z.output<(typeof DOOR_CALLS)[Call]['output']>;

/** How the door says that it did not do what it was asked for. */
export const DoorRefusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
export type DoorRefusal = z.infer<typeof DoorRefusal>;

/** @returns the calls, by their names. */
export const doorCalls = (): readonly DoorCall[] => Object.keys(DOOR_CALLS) as DoorCall[];

/** @returns method and path of a call, its path with braces. */
export function routeOf(name: DoorCall): { readonly method: 'GET' | 'POST'; readonly path: string } {
  const [method, path] = DOOR_CALLS[name].route.split(' ') as ['GET' | 'POST', string];
  return { method, path };
}

/** @returns the names of what is in a path's braces. */
export const namedInPath = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

function call<Input extends z.ZodObject, Output extends z.ZodType>(
  route: `${'GET' | 'POST'} /${string}`,
  input: Input,
  output: Output,
) {
  return { route, input, output };
}
