import { plan } from '../../lambdas/plan/plan';
import { finish } from '../../lambdas/record/finish';
import { remove } from '../../lambdas/trigger/remove';
import { start } from '../../lambdas/trigger/start';
import { watch } from '../../lambdas/watch/watch';
import type { BuildRequest } from '../../lib/core/contracts/build-request';
import { releaseExecutionName, serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { Release } from '../../lib/core/contracts/release';
import type { ReleaseRecord, StepError } from '../../lib/core/contracts/state';
import type { Json } from '../../lib/core/text/canonical-json';
import { type MemoryBuilds, memoryBuilds } from '../memory-builds';
import { memoryPlatform, NOW } from '../memory-platform';
import { ownDefinitions, RELEASE, SERVICE_RELEASE, WATCHER } from '../state-machines/definitions';
import { type ExecutionEnd, stateMachines } from '../state-machines/state-machines';
import { virtualClock } from '../state-machines/virtual-clock';
import { type Commit, storePackage } from './deploy/a-package';
import { serviceWorkers } from './service-workers';
import { writtenWait } from './written-wait';

/** What a commit of the repository holds. */
export interface RepositoryCommit {
  readonly seedYml?: string;
  /** By directory. */
  readonly services: Readonly<Record<string, Commit>>;
}

export interface RepositoryOptions {
  /** Decides why a build fails, if it does; all others succeed. */
  readonly failing?: (request: BuildRequest) => StepError | undefined;
  /** Milliseconds that a build takes. */
  readonly buildsTake?: number;
  /** Runs in place of a worker, by the name of its module; `work` is the worker itself. */
  readonly instead?: Readonly<Record<string, (work: () => Promise<unknown>) => Promise<unknown>>>;
}

export interface RepositoryEnd {
  readonly release: Release;
  readonly record: ReleaseRecord;
  readonly end: ExecutionEnd;
  /** The states of `Release` that were entered, in order. */
  readonly states: readonly string[];
  /** The most workers that waited for something at one time. */
  readonly waitedAtOnce: number;
  /** Calls that asked how builds stand. */
  readonly buildCalls: number;
  /** All states that were entered, but for those of the watcher, each with the name of its execution. */
  readonly entered: readonly (readonly [string, string])[];
}

export interface ReleaseWorldOptions {
  /** Other than those of today. */
  readonly definitions?: ReturnType<typeof ownDefinitions>;
  /** Is told what each worker is given, by the name of its module, and each item that a state writes, without one. */
  readonly called?: (worker: string, event: Json) => void;
  /** When releases are begun, in milliseconds; at one moment all of them if not given. */
  readonly now?: () => number;
}

/** Workers that sleep; those of functions wait for something else. */
const WAITING = /^(watch|wait-for-(build|stack|shift))$/;

/**
 * An app of several services in memory, and a way to release commits of its repository: both definitions that are
 * deployed, over the workers that are.
 */
export function releaseWorld({ definitions = ownDefinitions(), called = () => {}, now }: ReleaseWorldOptions = {}) {
  const platform = { ...memoryPlatform(), ...(now && { now }) };
  const clock = virtualClock(NOW);
  const at = { app: 'shop', stage: 'dev' };
  let options: RepositoryOptions = {};
  let packaged: RepositoryCommit['services'] = {};
  let entered: (readonly [string, string])[] = [];
  let commits = 0;

  const started = new Map<string, number>();
  let buildCalls = 0;
  let waiting = 0;
  let waitedAtOnce = 0;
  const made = memoryBuilds(platform.artifacts, async (request) => {
    const { task = 'package', service } = request;
    if (task === 'package') storePackage(platform.artifacts, request, packaged[service]!);
    return options.failing?.(request);
  });
  const builds: MemoryBuilds = {
    ...made,
    async start(request) {
      const id = await made.start(request);
      started.set(id, started.get(id) ?? clock.now());
      return id;
    },
    async statuses(ids) {
      buildCalls += 1;
      const running = (id: string) => clock.now() - started.get(id)! < (options.buildsTake ?? 0);
      const all = await made.statuses(ids);
      return new Map([...all].map(([id, status]) => [id, running(id) ? { status: 'running' } : status]));
    },
  };
  /** Counts who holds a Lambda in order to wait. */
  async function counted(name: string, work: () => Promise<unknown>): Promise<unknown> {
    if (!WAITING.test(name)) return work();
    waiting += 1;
    waitedAtOnce = Math.max(waitedAtOnce, waiting);
    return work().finally(() => {
      waiting -= 1;
    });
  }
  const workers: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
    ...serviceWorkers({ ...platform, builds, pace: clock }),
    plan: plan({ ...platform, now: () => new Date(clock.now()).toISOString() }),
    finish: finish({ ...platform, now: clock.now }),
    watch: (event) => lookAfter(event),
  };
  const machines = stateMachines({
    definitions,
    functions: Object.fromEntries(
      Object.entries(workers).map(([name, work]) => [
        name,
        (event) => {
          called(name, event);
          return counted(name, () => options.instead?.[name]?.(() => work(event)) ?? work(event));
        },
      ]),
    ),
    putItem: async (item) => {
      called('', item);
      const { releaseId, wait } = writtenWait(item);
      platform.waits.add(releaseId, wait);
    },
    now: clock.now,
    sleep: clock.sleep,
    entered: (state, execution, machine) => void (machine !== WATCHER && entered.push([state, execution])),
  });
  const lookAfter = watch({ ...platform, builds, callbacks: machines.callbacks, pace: clock });

  /** Takes a release that has begun through its execution. */
  async function run(release: Release, given: RepositoryOptions = {}): Promise<RepositoryEnd> {
    [options, entered, buildCalls, waitedAtOnce] = [given, [], 0, 0];
    const name = releaseExecutionName(release);
    const end = await machines.run(RELEASE, { name, input: release });
    const record = (await platform.releases.find(release))!;
    // The watcher ends with the release, and so not before somebody has ended it.
    if (record.status !== 'running') await machines.settled();
    const own = entered.flatMap(([state, execution]) => (execution === name ? [state] : []));
    return { release, record, end, states: own, entered, waitedAtOnce, buildCalls };
  }

  return {
    ...platform,
    at,
    /** Builds that were asked for. */
    requests: builds.requests,
    run,
    /** Begins a release of a commit, which runs, or waits if another one does. */
    async begin({ seedYml = '', services }: RepositoryCommit): Promise<Release> {
      commits += 1;
      const commit = String(commits).padStart(40, '0');
      const files = Object.entries(services).map(([path, content]) => [
        `${path}/serverless.yml`,
        JSON.stringify(content),
      ]);
      platform.repository.commits[commit] = { 'seed.yml': seedYml, ...Object.fromEntries(files) };
      platform.branches.main = commit;
      packaged = services;
      const { releaseId: id } = await start(platform)({ ...at, commit, requestId: `request-${commits}` });
      return (await platform.releases.find({ ...at, id }))!.release;
    },
    /** Releases a commit from its first state to its last. */
    async release(commit: RepositoryCommit, given: RepositoryOptions = {}): Promise<RepositoryEnd> {
      return run(await this.begin(commit), given);
    },
    /** Takes one service of a release that has begun through its execution. */
    async releaseService(release: Release, path: string, commit: Commit): Promise<ExecutionEnd> {
      [options, packaged] = [{}, { ...packaged, [path]: commit }];
      const input = { release, service: { path, reasons: [] } };
      return machines.run(SERVICE_RELEASE, { name: serviceExecutionName(release, path), input });
    },
    /** Removes what is deployed in the stage. */
    async remove(): Promise<RepositoryEnd> {
      const { releaseId: id } = await remove(platform)({ ...at, requestId: 'removal' });
      return run((await platform.releases.find({ ...at, id }))!.release);
    },
    statusOf: async (path: string) => (await platform.states.find(at, path))?.status,
  };
}
