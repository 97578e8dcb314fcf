import { plan } from '../../lambdas/plan/plan';
import { finish } from '../../lambdas/record/finish';
import { remove } from '../../lambdas/trigger/remove';
import { start } from '../../lambdas/trigger/start';
import type { BuildRequest } from '../../lib/core/contracts/build-request';
import { releaseExecutionName, serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { Release } from '../../lib/core/contracts/release';
import type { ReleaseRecord, StepError } from '../../lib/core/contracts/state';
import { memoryBuilds } from '../memory-builds';
import { memoryPlatform, NOW } from '../memory-platform';
import { ownDefinitions, RELEASE, SERVICE_RELEASE } from '../state-machines/definitions';
import { type ExecutionEnd, stateMachines } from '../state-machines/state-machines';
import { virtualClock } from '../state-machines/virtual-clock';
import { type Commit, storePackage } from './deploy/a-package';
import { serviceWorkers } from './service-workers';

/** What a commit of the repository holds. */
export interface RepositoryCommit {
  readonly seedYml?: string;
  /** By directory. */
  readonly services: Readonly<Record<string, Commit>>;
}

export interface RepositoryOptions {
  /** Decides why a build fails, if it does; all others succeed. */
  readonly failing?: (request: BuildRequest) => StepError | undefined;
  /** Runs in place of a worker, by the name of its module; `work` is the worker itself. */
  readonly instead?: Readonly<Record<string, (work: () => Promise<unknown>) => Promise<unknown>>>;
}

export interface RepositoryEnd {
  readonly release: Release;
  readonly record: ReleaseRecord;
  readonly end: ExecutionEnd;
  /** The states of `Release` that were entered, in order. */
  readonly states: readonly string[];
  /** All states that were entered, each with the name of its execution. */
  readonly entered: readonly (readonly [string, string])[];
}

/**
 * An app of several services in memory, and a way to release commits of its repository: both definitions that are
 * deployed, over the workers that are.
 */
export function releaseWorld() {
  const platform = memoryPlatform();
  const clock = virtualClock(NOW);
  const at = { app: 'shop', stage: 'dev' };
  let options: RepositoryOptions = {};
  let packaged: RepositoryCommit['services'] = {};
  let entered: (readonly [string, string])[] = [];
  let commits = 0;

  const builds = memoryBuilds(platform.artifacts, async (request) => {
    const { task = 'package', service } = request;
    if (task === 'package') storePackage(platform.artifacts, request, packaged[service]!);
    return options.failing?.(request);
  });
  const workers: Readonly<Record<string, (event: unknown) => Promise<unknown>>> = {
    ...serviceWorkers({ ...platform, builds, pace: clock }),
    plan: plan({ ...platform, now: () => new Date(clock.now()).toISOString() }),
    finish: finish({ ...platform, now: clock.now }),
  };
  const machines = stateMachines({
    definitions: ownDefinitions(),
    functions: Object.fromEntries(
      Object.entries(workers).map(([name, work]) => [
        name,
        (event) => options.instead?.[name]?.(() => work(event)) ?? work(event),
      ]),
    ),
    now: clock.now,
    sleep: clock.sleep,
    entered: (state, execution) => void entered.push([state, execution]),
  });

  /** Takes a release that has begun through its execution. */
  async function run(release: Release, given: RepositoryOptions = {}): Promise<RepositoryEnd> {
    [options, entered] = [given, []];
    const name = releaseExecutionName(release);
    const end = await machines.run(RELEASE, { name, input: release });
    const record = (await platform.releases.find(release))!;
    const own = entered.flatMap(([state, execution]) => (execution === name ? [state] : []));
    return { release, record, end, states: own, entered };
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
