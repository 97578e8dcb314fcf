import { createHash } from 'node:crypto';
import { decide } from '../../../lambdas/deploy/decide';
import { prepareFunctions } from '../../../lambdas/deploy/prepare-functions';
import { putCodeBack } from '../../../lambdas/deploy/put-code-back';
import { readFunctions } from '../../../lambdas/deploy/read-functions';
import { startStackUpdate } from '../../../lambdas/deploy/start-stack-update';
import { takePackage } from '../../../lambdas/deploy/take-package';
import { waitForFunctions } from '../../../lambdas/deploy/wait-for-functions';
import { waitForStack } from '../../../lambdas/deploy/wait-for-stack';
import { record } from '../../../lambdas/record/record';
import { recordFailure } from '../../../lambdas/record/record-failure';
import { moveAliases } from '../../../lambdas/shift/move-aliases';
import { startShift } from '../../../lambdas/shift/start-shift';
import { waitForShift } from '../../../lambdas/shift/wait-for-shift';
import type { Decision } from '../../../lib/core/contracts/decision';
import { bundleKey, manifestKey, packagePrefix } from '../../../lib/core/contracts/keys';
import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import type { Manifest } from '../../../lib/core/contracts/manifest';
import type { PreparedFunction } from '../../../lib/core/contracts/payloads';
import type { Release } from '../../../lib/core/contracts/release';
import { NO_STAGE_SHIFT, type StageShift } from '../../../lib/core/contracts/settings';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { templateHash } from '../../../lib/core/template/normalise-template';
import { asTemplate, type Resource } from '../../../lib/core/template/template';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { memoryTarget } from '../../../lib/memory/memory-target';
import type { Artifacts } from '../../../lib/ports/artifacts';
import type { ServiceStates } from '../../../lib/ports/service-states';
import type { TargetPortsOf } from '../../../lib/ports/target-ports';
import { restoreFunctions } from '../../../lib/release/undo/restore-functions';
import { stopShift } from '../../../lib/release/undo/stop-shift';
import { aManifest, aRelease } from '../../builders';

/** What one commit of the service holds: code by function, and what goes into the template besides. */
export interface Commit {
  /** Source text by logical id. */
  readonly functions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly resources?: Readonly<Record<string, Resource>>;
  readonly manifest?: Partial<Manifest>;
}

/** The states of ServiceRelease that call a worker of `deploy` or `shift`. */
export type StateName =
  | 'Take stored package'
  | 'Decide'
  | 'Start stack update'
  | 'Wait for stack'
  | 'Read functions'
  | 'Prepare functions'
  | 'Wait for functions'
  | 'Start shift'
  | 'Wait for shift'
  | 'Stop shift'
  | 'Move aliases'
  | 'Put code back'
  | 'Restore functions';

export interface ReleaseOptions {
  readonly force?: boolean;
  /** Runs when a worker has answered: what others do meanwhile. */
  readonly after?: Partial<Record<StateName, () => unknown>>;
  /** Every worker is run twice with one input, as after an answer that got lost. */
  readonly repeat?: boolean;
  /** What the stage demands of shifts. */
  readonly stage?: StageShift;
  /** What hooks come to, by moment and function; all others pass. */
  readonly hooks?: HookAnswers;
  /** Runs each time that a worker waits for a shift. */
  readonly whileShifting?: () => unknown;
}

/** By `<moment> <logical id>`: `passed`, `running` for ever, or the reason why it failed. */
export type HookAnswers = Readonly<Record<string, string>>;

export interface ReleaseEnd {
  readonly record: ServiceRecord;
  readonly decision?: Decision;
  /** The hooks that would run around it. */
  readonly hooks?: readonly string[];
  readonly error?: Error;
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

/** One service in one stage, all in memory, and a way to release commits of it. */
export function serviceWorld(wrap: (ports: WorldPorts) => WorldPorts = (ports) => ports) {
  const artifacts = memoryArtifacts();
  const states = memoryServiceStates();
  const target = memoryTarget(artifacts);
  const lines: string[] = [];
  let releases = 0;
  let time = 0;

  const log = {
    info: (message: string) => void lines.push(message),
    warn: (message: string) => void lines.push(message),
  };
  const pace = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
      await letCodeDeployWork();
    },
  };
  let hooks: HookAnswers = {};
  let whileShifting: ReleaseOptions['whileShifting'];

  /** What CodeDeploy and the platform's hook function do while a worker waits. */
  async function letCodeDeployWork(): Promise<void> {
    await whileShifting?.();
    target.shifts.advance();
    await whileShifting?.();
    for (const { application, group, moment, ...call } of target.shifts.calls()) {
      const run = (await target.hookRuns.find(application, group))!;
      if (run.moments[moment]?.deploymentId === call.deploymentId) continue;
      const answer = hooks[`${moment} ${group}`] ?? 'passed';
      const isEnd = answer === 'passed' || answer === 'running';
      const outcome = { status: isEnd ? answer : 'failed', reason: isEnd ? undefined : answer } as const;
      await target.hookRuns.record(run, moment, { ...call, ...outcome, at: new Date(time).toISOString() });
    }
  }
  const ports = { ...wrap({ states, artifacts, target: target.portsOf }), log, pace, now: pace.now };
  const workers = {
    'Take stored package': takePackage(ports),
    Decide: decide(ports),
    'Start stack update': startStackUpdate({ ...ports, artifactBucket: 'artifacts' }),
    'Wait for stack': waitForStack(ports),
    'Read functions': readFunctions(ports),
    'Prepare functions': prepareFunctions(ports),
    'Wait for functions': waitForFunctions(ports),
    'Start shift': startShift(ports),
    'Wait for shift': waitForShift(ports),
    'Stop shift': stopShift(ports),
    'Move aliases': moveAliases(ports),
    'Put code back': putCodeBack(ports),
    'Restore functions': restoreFunctions(ports),
  };
  const invocations: StateName[] = [];
  const stackEvents: string[] = [];
  let current: object = {};

  /** Stores what the build of a commit leaves. */
  function build(release: Release, commit: Commit): Manifest {
    const prefix = packagePrefix(release.app, PATH, release.id);
    const functions = Object.entries(commit.functions).map(([id, code]) => {
      const bytes = Buffer.from(`zip of ${code}`);
      const contentHash = sha256(code);
      const bundle = bundleKey(release.app, PATH, id, contentHash);
      artifacts.objects.set(bundle, bytes);
      const codeSha256 = createHash('sha256').update(bytes).digest('base64');
      return [
        id,
        { bundle, contentHash, codeSha256, size: bytes.length, handler: `${id}.main`, runtime: 'nodejs22.x' },
      ];
    });
    const Resources = {
      ...Object.fromEntries(Object.keys(commit.functions).map((id) => [id, functionResource(id, commit.environment)])),
      ...commit.resources,
    };
    const Outputs = { Table: { Value: 'orders-table' } };
    const manifest = aManifest(
      {},
      {
        releaseId: release.id,
        stackName: STACK,
        template: `${prefix}template.json`,
        templateHash: templateHash({ Resources, Outputs }),
        environmentHash: sha256(commit.environment ?? 'none'),
        functions: Object.fromEntries(functions),
        ...commit.manifest,
      },
    );
    artifacts.objects.set(manifest.template, Buffer.from(JSON.stringify({ Resources, Outputs })));
    artifacts.objects.set(manifestKey(release.app, PATH, release.id), Buffer.from(JSON.stringify(manifest)));
    return manifest;
  }

  function nextRelease(force = false, shift = NO_STAGE_SHIFT): Release {
    releases += 1;
    return aRelease({ id: releaseId(releases), force, shift });
  }

  /** Takes a built commit the way of ServiceRelease from Decide on, each payload as JSON. */
  async function run(release: Release, options: ReleaseOptions): Promise<ReleaseEnd> {
    const subject = { release, service: { path: PATH, reasons: [] } };
    current = subject;
    hooks = options.hooks ?? {};
    whileShifting = options.whileShifting;
    const call = async <Name extends StateName>(name: Name, input: object = {}) => {
      const event = JSON.parse(JSON.stringify({ ...subject, ...input }));
      const worker = workers[name] as (event: unknown) => ReturnType<(typeof workers)[Name]>;
      if (options.repeat) await worker(event);
      invocations.push(name);
      const output = await worker(event);
      await options.after?.[name]?.();
      return output as Awaited<ReturnType<(typeof workers)[Name]>>;
    };

    const bringStackAlong = async (): Promise<void> => {
      for (;;) {
        const operation = await call('Start stack update');
        let outcome: Awaited<ReturnType<(typeof workers)['Wait for stack']>>;
        do {
          outcome = await call('Wait for stack', { operation });
          stackEvents.push(...outcome.events);
        } while (outcome.status === 'running');
        if (outcome.status === 'done') return;
      }
    };
    const prepareAll = async (batches: Awaited<ReturnType<typeof workers.Decide>>['batches']) => {
      const prepared: PreparedFunction[] = [];
      for (const batch of batches) {
        const started = await call('Prepare functions', { batch });
        let outcome = await call('Wait for functions', started);
        while (outcome.status === 'running') outcome = await call('Wait for functions', started);
        prepared.push(...outcome.prepared);
      }
      return prepared;
    };

    let decision: Decision | undefined;
    let prepared: PreparedFunction[] = [];
    let kept: string[] = [];
    const shiftAll = async (): Promise<void> => {
      const started = await call('Start shift', { decision, prepared });
      decision = started.decision;
      let outcome = await call('Wait for shift', { shift: started.shift });
      while (outcome.status === 'running') outcome = await call('Wait for shift', { shift: outcome.shift });
      if (outcome.error) {
        kept = outcome.moved;
        throw Object.assign(new Error(outcome.error.Cause), { name: outcome.error.Error });
      }
      await call('Move aliases', { prepared: started.atOnce });
    };
    try {
      if (release.rollback) await call('Take stored package');
      const decided = await call('Decide');
      decision = decided.decision;
      if (decision.kind !== 'skip') {
        try {
          if (decision.kind === 'full') await bringStackAlong();
          const { batches } = decision.kind === 'full' ? await call('Read functions') : decided;
          prepared = await prepareAll(batches);
          if (decided.gradual) await shiftAll();
          else await call('Move aliases', { prepared });
        } catch (error) {
          if (decided.gradual) while ((await call('Stop shift')).status === 'running');
          await call('Restore functions', { error: caught(error), kept });
          throw error;
        }
        if (prepared.some(({ reused }) => reused)) {
          kept = prepared.map(({ logicalId }) => logicalId);
          await call('Put code back', { prepared });
        }
      }
      const marks = { build: 0, deploy: 0, record: 0 };
      const recorded = await record(ports)({ ...subject, decision, prepared, marks });
      return { decision, record: recorded, hooks: decided.hooks };
    } catch (error) {
      const failure = { ...subject, error: caught(error), decision, prepared, kept, marks: {} };
      return { decision, error: error as Error, record: await recordFailure(ports)(failure) };
    }
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
    /** What workers that are not those of a deployment need. */
    ports,
    nextRelease,
    lines,
    invocations,
    /** Events of the stack as the execution shows them. */
    stackEvents,
    /** Builds and releases a commit, and changes the stored package before the release reads it if told so. */
    async release(commit: Commit, options: ReleaseOptions & { readonly spoil?: (manifest: Manifest) => void } = {}) {
      const release = nextRelease(options.force, options.stage);
      const manifest = build(release, commit);
      options.spoil?.(manifest);
      return run(release, options);
    },
    /** Rolls back to the release of this number, the first one being 1. */
    rollBack: (to: number, options: ReleaseOptions = {}) =>
      run({ ...nextRelease(), rollback: { to: releaseId(to) } }, options),
    /** Deploys a commit as the framework does by itself: its own template, with code where it is. */
    async deployWithoutPlatform(commit: Commit) {
      const release = nextRelease();
      const { template, functions } = build(release, commit);
      const { Resources, ...rest } = asTemplate(await artifacts.readBytes(template).then(parsed));
      const located = Object.entries(Resources).map(([id, resource]) => {
        const S3Key = functions[id]?.bundle;
        const Code = S3Key === undefined ? resource.Properties?.Code : { S3Bucket: 'artifacts', S3Key };
        return [id, Code === undefined ? resource : { ...resource, Properties: { ...resource.Properties, Code } }];
      });
      await artifacts.writeJson('plain.json', { ...rest, Resources: Object.fromEntries(located) });
      const request = { name: STACK, template: 'plain.json', tags: {}, executionRoleArn: 'arn', token: release.id };
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
    again: <Name extends 'Decide' | 'Start stack update'>(name: Name) =>
      workers[name](current) as ReturnType<(typeof workers)[Name]>,
    state: () => states.find({ app: 'shop', stage: 'dev' }, PATH),
  };
}

/** @returns the hash that Lambda reports for a function whose source is `code`. */
export const codeOf = (code: string): string => createHash('sha256').update(`zip of ${code}`).digest('base64');

/** @returns the physical name of a function of the service. */
export const nameOf = (logicalId: string): string => `${STACK}-${logicalId}`;

const releaseId = (number: number): string => `01HZZZZZZZZZZZZZZZZZZZZZ${LETTERS[number >> 5]}${LETTERS[number & 31]}`;

const parsed = (bytes: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const functionResource = (id: string, environment = 'none'): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: nameOf(id),
    Handler: `${id}.main`,
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::123456789012:role/orders',
    Environment: { Variables: { SETTING: environment } },
    Code: {
      S3Bucket: { Ref: 'ServerlessDeploymentBucket' },
      S3Key: 'serverless/orders/dev/1700000000000-2023-11-14T22:13:20.000Z/orders.zip',
    },
  },
});

/** As Step Functions gives a thrown error to a Catch. */
const caught = (error: unknown) => {
  const { name, message } = error as Error;
  return { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) };
};
