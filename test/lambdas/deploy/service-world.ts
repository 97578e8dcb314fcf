import { watch } from '../../../lambdas/watch/watch';
import type { Decision } from '../../../lib/core/contracts/decision';
import { isErrorCode, ReleaseError } from '../../../lib/core/contracts/errors';
import { serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import type { Reason } from '../../../lib/core/contracts/reasons';
import type { Release } from '../../../lib/core/contracts/release';
import { NO_STAGE_SHIFT, type StageShift } from '../../../lib/core/contracts/settings';
import { NO_STAGE_GUARD, type StageGuard } from '../../../lib/core/contracts/stage-guard';
import type { BuildTask, ReleaseRecord, ServiceRecord, StepError } from '../../../lib/core/contracts/state';
import { stepErrorOf } from '../../../lib/core/record/step-error';
import { asTemplate } from '../../../lib/core/template/template';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../../../lib/memory/memory-clone-credentials';
import { memoryReleaseBuilds } from '../../../lib/memory/memory-release-builds';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { memorySource } from '../../../lib/memory/memory-source';
import { memoryTarget } from '../../../lib/memory/memory-target';
import { memoryWaits } from '../../../lib/memory/memory-waits';
import type { Artifacts } from '../../../lib/ports/artifacts';
import type { ServiceStates } from '../../../lib/ports/service-states';
import type { TargetPortsOf } from '../../../lib/ports/target-ports';
import { aRelease } from '../../builders';
import { memoryBuilds } from '../../memory-builds';
import { ownDefinitions, SERVICE_RELEASE } from '../../state-machines/definitions';
import { type ExecutionEnd, stateMachines } from '../../state-machines/state-machines';
import { virtualClock } from '../../state-machines/virtual-clock';
import { serviceWorkers } from '../service-workers';
import { writtenWait } from '../written-wait';
import { type Commit, codeOf, storePackage } from './a-package';
import { DEPLOY_STATES, type DeployState, type WorkerState } from './state-names';

export { type Commit, codeOf };

export interface ReleaseOptions {
  readonly force?: boolean;
  /** Why the plan has the service in it. */
  readonly planned?: readonly Reason[];
  /** Runs when a worker has answered: what others do meanwhile. If it throws, so has the worker. */
  readonly after?: Partial<Record<WorkerState, () => unknown>>;
  /** Every worker is run twice with one input, as after an answer that got lost. */
  readonly repeat?: boolean;
  /** What the stage demands of shifts. */
  readonly stage?: StageShift;
  /** What the stage's owner says of its stacks. */
  readonly guard?: Partial<StageGuard>;
  /** What hooks come to, by moment and function; all others pass. */
  readonly hooks?: HookAnswers;
  /** What builds leave that fail, by what they are for; all others succeed. */
  readonly failingBuilds?: Partial<Record<BuildTask, StepError>>;
  /** Runs each time that a worker waits for a shift. */
  readonly whileShifting?: () => unknown;
}

/** By `<moment> <logical id>`: `passed`, `running` for ever, or the reason why it failed. */
type HookAnswers = Readonly<Record<string, string>>;

export interface ReleaseEnd {
  readonly record: ServiceRecord;
  readonly decision?: Decision;
  /** The hooks that run around it. */
  readonly hooks?: readonly string[];
  /** What the execution failed with. */
  readonly error?: Error;
  /** What workers threw, in order: also what did not last, and was tried again. */
  readonly faults: readonly Error[];
  /** All states that were entered, in order. */
  readonly states: readonly string[];
}

/** The ports that calls are counted at. */
export interface WorldPorts {
  readonly states: ServiceStates;
  readonly artifacts: Artifacts;
  readonly target: TargetPortsOf;
}

const PATH = 'orders';
export const STACK = 'orders-dev';
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** An output that every stack of the Serverless Framework has. */
const MARK = { ServerlessDeploymentBucketName: { Value: 'artifacts' } };
const RECORDERS: readonly string[] = ['record', 'record-failure', 'record-removal'];

/**
 * One service in one stage, all in memory, and a way to release commits of it: the definition of `ServiceRelease` that
 * is deployed, over the workers that are.
 * @param clock shared by worlds that are to go on side by side
 */
export function serviceWorld(wrap: (ports: WorldPorts) => WorldPorts = (ports) => ports, clock = virtualClock()) {
  const artifacts = memoryArtifacts();
  const states = memoryServiceStates();
  const target = memoryTarget(artifacts);
  const lines: string[] = [];
  let releases = 0;

  const log = {
    info: (message: string) => void lines.push(message),
    warn: (message: string) => void lines.push(message),
  };
  /** The workers' clock; the state machine's own waits do not look at shifts. */
  const pace = {
    now: clock.now,
    sleep: async (milliseconds: number) => {
      await clock.sleep(milliseconds);
      await options.whileShifting?.();
      await letCodeDeployWork();
    },
  };
  let options: ReleaseOptions = {};

  /** What CodeDeploy and the platform's hook function do while time passes. */
  async function letCodeDeployWork(): Promise<void> {
    target.shifts.advance();
    await options.whileShifting?.();
    for (const { application, group, moment, ...call } of target.shifts.calls()) {
      const run = (await target.hookRuns.find(application, group))!;
      if (run.moments[moment]?.deploymentId === call.deploymentId) continue;
      const answer = options.hooks?.[`${moment} ${group}`] ?? 'passed';
      const isEnd = answer === 'passed' || answer === 'running';
      const outcome = { status: isEnd ? answer : 'failed', reason: isEnd ? undefined : answer } as const;
      await target.hookRuns.record(run, moment, { ...call, ...outcome, at: new Date(clock.now()).toISOString() });
    }
  }

  /** What the next build of a package leaves. */
  let packaging = (_release: string): void => {};
  const builds = memoryBuilds(artifacts, async ({ task, releaseId }) => {
    if (task === 'package') packaging(releaseId);
    return options.failingBuilds?.[task ?? 'package'];
  });
  const ports = { ...wrap({ states, artifacts, target: target.portsOf }), log, pace, now: pace.now };
  const workers = serviceWorkers({
    ...ports,
    builds,
    releaseBuilds: memoryReleaseBuilds(),
    cloneCredentials: memoryCloneCredentials(),
    source: memorySource({ shop: { branches: {}, commits: {} } }),
  });
  type WorkerName = keyof typeof workers;

  const waits = memoryWaits();
  /** The states that wait, by their tokens. */
  const waiting = new Map<string, string>();

  /** Of all releases: the states that called a worker of `deploy` or `shift`. */
  const invocations: DeployState[] = [];
  const stackEvents: string[] = [];
  let entered: string[] = [];
  let faults: Error[] = [];
  let answers: { readonly worker: WorkerName; readonly answer: unknown }[] = [];
  let current: { readonly release: Release } = { release: aRelease() };

  async function call(worker: WorkerName, event: unknown, state: string): Promise<unknown> {
    const work: (event: unknown) => Promise<unknown> = workers[worker];
    if (options.repeat) await work(event);
    if (isDeployState(state)) invocations.push(state);
    const answer = await work(event);
    await options.after?.[state as WorkerState]?.();
    answers.push({ worker, answer });
    return answer;
  }

  const machines = stateMachines({
    definitions: { [SERVICE_RELEASE]: ownDefinitions()[SERVICE_RELEASE]! },
    functions: Object.fromEntries(
      (Object.keys(workers) as WorkerName[]).map((worker) => [
        worker,
        (event, state) =>
          call(worker, event, state).catch((error) => {
            faults.push(error);
            throw error;
          }),
      ]),
    ),
    putItem: async (item, state) => {
      const { releaseId, wait } = writtenWait(item);
      waiting.set(wait.token, state);
      if (isDeployState(state)) invocations.push(state);
      waits.add(releaseId, wait);
    },
    now: clock.now,
    sleep: clock.sleep,
    entered: (state) => void entered.push(state),
  });

  const { callbacks } = machines;
  const lookAfter = watch({
    ...ports,
    builds,
    waits,
    releases: { find: async () => ({ status: 'running' }) as ReleaseRecord },
    callbacks: {
      ...callbacks,
      async succeed(token, output) {
        const state = waiting.get(token)!;
        try {
          await options.after?.[state as WorkerState]?.();
        } catch (error) {
          return this.fail(token, error as Error);
        }
        if (state === 'Wait for stack') stackEvents.push(...(output as { readonly events: readonly string[] }).events);
        return callbacks.succeed(token, output);
      },
      async fail(token, error) {
        const told = await callbacks.fail(token, error);
        if (told === 'told') faults.push(error as Error);
        return told;
      },
    },
    pace: {
      now: clock.now,
      sleep: async (milliseconds) => {
        await clock.sleep(milliseconds);
        const { waits: found } = await waits.list(current.release.id);
        if (!found.some(({ subject }) => subject.kind === 'shift')) return;
        await options.whileShifting?.();
        await letCodeDeployWork();
      },
    },
  });

  /** Looks after what a release waits for until it has ended; as two that run side by side, if that is asked for. */
  async function watchUntilEnded(release: Release): Promise<void> {
    const one = async () => {
      while ((await lookAfter({ release })).status === 'running');
    };
    await Promise.all(options.repeat ? [one(), one()] : [one()]);
  }

  function nextRelease({ force = false, stage = NO_STAGE_SHIFT, guard }: ReleaseOptions = {}): Release {
    releases += 1;
    const guarded = guard && { guard: { ...NO_STAGE_GUARD, ...guard } };
    return aRelease({ id: releaseId(releases), force, shift: stage, ...guarded });
  }

  /** Takes a release through the state machine, from its first state to its last. */
  async function run(release: Release, given: ReleaseOptions = {}): Promise<ReleaseEnd> {
    const input = { release, service: { path: PATH, reasons: given.planned ?? [] } };
    [options, current, entered, faults, answers] = [given, input, [], [], []];
    const watching = watchUntilEnded(release);
    const end = await machines.run(SERVICE_RELEASE, { name: serviceExecutionName(release, PATH), input });
    await waits.end(release.id);
    await watching;
    const answerOf = (...names: readonly string[]) => answers.findLast(({ worker }) => names.includes(worker))?.answer;
    const record = answerOf(...RECORDERS) as ServiceRecord | undefined;
    const decided = answerOf('decide') as { readonly hooks: readonly string[] } | undefined;
    if (!record) throw new Error(`nothing was recorded: ${JSON.stringify(end)}`);
    return {
      record,
      decision: record.decision,
      hooks: decided?.hooks,
      error: errorOf(end),
      faults,
      states: entered,
    };
  }

  return {
    artifacts,
    states,
    stacks: target.stacks,
    functions: target.functions,
    shifts: target.shifts,
    alarms: target.alarms,
    hookRuns: target.hookRuns,
    buckets: target.buckets,
    versions: target.versions,
    builds,
    /** What workers that are not those of a deployment need. */
    ports,
    nextRelease,
    run,
    lines,
    invocations,
    /** Events of the stack as the execution shows them. */
    stackEvents,
    /** Builds and releases a commit, and changes the stored package before the release reads it if told so. */
    release(commit: Commit, given: ReleaseOptions & { readonly spoil?: (manifest: Manifest) => void } = {}) {
      const release = nextRelease(given);
      packaging = (id) => {
        const manifest = storePackage(artifacts, { ...release, releaseId: id, service: PATH }, commit);
        given.spoil?.(manifest);
      };
      return run(release, given);
    },
    /** Rolls back to the release of this number, the first one being 1. */
    rollBack: (to: number, given: ReleaseOptions = {}) =>
      run({ ...nextRelease(given), rollback: { to: releaseId(to) } }, given),
    /**
     * Deploys a commit as the framework does by itself: its own template, with code where it is, and its marks.
     * @param tags of the stack, if something else than the framework deploys it
     */
    async deployWithoutPlatform(commit: Commit, tags: Readonly<Record<string, string>> = { STAGE: 'dev' }) {
      const release = nextRelease();
      const packaged = { ...release, releaseId: release.id, service: PATH };
      const { template, functions } = storePackage(artifacts, packaged, commit);
      const { Resources, ...rest } = asTemplate(await artifacts.readBytes(template!).then(parsed));
      const located = Object.entries(Resources).map(([id, resource]) => {
        const S3Key = functions[id]?.bundle;
        const Code = S3Key === undefined ? resource.Properties?.Code : { S3Bucket: 'artifacts', S3Key };
        return [id, Code === undefined ? resource : { ...resource, Properties: { ...resource.Properties, Code } }];
      });
      const Outputs = tags.STAGE === undefined ? rest.Outputs : { ...rest.Outputs, ...MARK };
      await artifacts.writeJson('plain.json', { ...rest, Outputs, Resources: Object.fromEntries(located) });
      const request = { name: STACK, template: 'plain.json', tags, executionRoleArn: 'arn', token: release.id };
      await ((await target.stacks.describe(STACK)) ? target.stacks.update(request) : target.stacks.create(request));
    },
    /** @returns a resource as the stack's template has it now. */
    resource: async (id: string) => (await target.stacks.template(STACK))!.Resources[id],
    /** @returns the code that each function serves through its alias, by logical id. */
    async serving(...logicalIds: readonly string[]) {
      const codes = await Promise.all(
        logicalIds.map(async (id) => (await target.functions.read(nameOf(id), LIVE_ALIAS))?.codeSha256),
      );
      return codes;
    },
    /** Runs a worker that needs no more than that once more for the release under way. */
    again: <Name extends 'decide' | 'start-stack-update'>(name: Name) =>
      workers[name](current) as ReturnType<(typeof workers)[Name]>,
    state: () => states.find({ app: 'shop', stage: 'dev' }, PATH),
  };
}

/** @returns the physical name of a function of the service. */
export const nameOf = (logicalId: string): string => `${STACK}-${logicalId}`;

const isDeployState = (state: string): state is DeployState => (DEPLOY_STATES as readonly string[]).includes(state);

const releaseId = (number: number): string => `01HZZZZZZZZZZZZZZZZZZZZZ${LETTERS[number >> 5]}${LETTERS[number & 31]}`;

const parsed = (bytes: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));

/** @returns what an execution failed with, as the worker threw it that failed */
function errorOf(end: ExecutionEnd): Error | undefined {
  if (end.status === 'SUCCEEDED') return undefined;
  const { code, message } = stepErrorOf({ Error: end.error, Cause: end.cause });
  return isErrorCode(code) ? new ReleaseError(code, message) : Object.assign(new Error(message), { name: code });
}
