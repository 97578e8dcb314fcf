import { plan } from '../../lambdas/plan/plan';
import { finish } from '../../lambdas/record/finish';
import { sweep } from '../../lambdas/record/sweep';
import { cancel } from '../../lambdas/trigger/cancel';
import { push } from '../../lambdas/trigger/push';
import { reconcile } from '../../lambdas/trigger/reconcile';
import { rollback } from '../../lambdas/trigger/rollback';
import { watch } from '../../lambdas/watch/watch';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { releaseExecutionName, serviceExecutionName } from '../../lib/core/contracts/execution-name';
import type { Release } from '../../lib/core/contracts/release';
import type { StageShift } from '../../lib/core/contracts/settings';
import type { Json } from '../../lib/core/text/canonical-json';
import { memoryApps } from '../../lib/memory/memory-apps';
import { memoryExecutions } from '../../lib/memory/memory-executions';
import { memorySource } from '../../lib/memory/memory-source';
import type { Clock } from '../../lib/ports/clock';
import { storePackage } from '../lambdas/deploy/a-package';
import { serviceWorkers } from '../lambdas/service-workers';
import { writtenWait } from '../lambdas/written-wait';
import { memoryBuilds } from '../memory-builds';
import { anApp, anExecutionEnd, aPush, memoryPlatform, NOW } from '../memory-platform';
import type { Definition } from '../state-machines/definition';
import { RELEASE } from '../state-machines/definitions';
import { stateMachines } from '../state-machines/state-machines';
import { virtualClock } from '../state-machines/virtual-clock';

type Definitions = Readonly<Record<string, Definition>>;
type Work = (event: unknown) => Promise<unknown>;

export interface SoakOptions {
  /** How many apps there are, of two services and two stages each. */
  readonly apps: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The state machines at the beginning. */
  readonly definitions: Definitions;
  /** Of a call of a worker or a delivery of an event: the share of those of which something goes wrong. */
  readonly faults: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** All new versions get a tenth of the traffic for five minutes first. */
const GRADUALLY: StageShift = {
  shift: { kind: 'canary', percent: 10, minutes: 5 },
  mustBeGradual: false,
};
/** In one state; a state machine tries it again four times. */
const MOST_DEATHS = 3;
/**
 * How Lambda tries an asynchronous call again:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const TRIED_AGAIN_AFTER = [MINUTE, 2 * MINUTE];

/** What went wrong on purpose, by kind. */
export type Mishaps = Readonly<Record<string, number>>;

/**
 * An installation in memory that is never quiet: real workers and definitions over the twins of ports, with a clock
 * that goes on by itself; workers that die before and after their work, throttling, events that are lost, late or
 * twice, outages, people who stop, cancel and roll back, and a deployment of the platform meanwhile.
 */
export function soakWorld({ apps, random, definitions, faults }: SoakOptions) {
  const exact = virtualClock(NOW);
  const clock: Clock = { ...exact, now: () => Math.floor(exact.now()) };
  const names = Array.from({ length: apps }, (_, index) => `app-${index + 1}`);
  const repositories = Object.fromEntries(
    names.map((name) => [name, { branches: {} as Record<string, string>, commits: {} as Record<string, object> }]),
  );
  const configs = names.map((app) => {
    const { dev } = anApp().stages;
    const repository = { provider: 'codecommit', name: app } as const;
    const stages = { dev: { ...dev!, branches: ['main'] }, prod: { ...dev!, branches: ['release'], shift: GRADUALLY } };
    return { ...anApp(), app, repository, stages };
  });
  /** How many commits there were; a commit's number is its hash. */
  let commits = 0;
  const counts: Record<string, number> = {};
  const happens = (kind: string, share: number): boolean => {
    if (random() >= share) return false;
    counts[kind] = (counts[kind] ?? 0) + 1;
    return true;
  };
  let isHostAway = false;
  let isAwsAway = false;

  const inMemory = memorySource(repositories as Parameters<typeof memorySource>[0]);
  const source = new Proxy(inMemory, {
    get:
      (target, name) =>
      async (...asked: unknown[]) => {
        if (isHostAway) throw new ReleaseError('SourceUnavailable', 'the host answers 502');
        return Reflect.get(target, name)(...asked);
      },
  });

  /** Executions that somebody has stopped: nothing of them goes on but what is in hand. */
  const stopped = new Set<string>();
  /** Ends the wait for an execution. */
  const stops = new Map<string, () => void>();
  const started = memoryExecutions('Release');
  const services = memoryExecutions('ServiceRelease');
  const executions = {
    ...started,
    async start(name: string, input: unknown) {
      const arn = started.arnOf(name);
      const isNew = (await started.status(arn)) === 'unknown';
      await started.start(name, input);
      if (isNew) apart(Promise.race([run(name, input as Release), new Promise<void>((ends) => stops.set(name, ends))]));
      return arn;
    },
    async stop(arn: string, cause = 'stopped', error = 'Stopped') {
      if ((await started.status(arn)) !== 'running') return;
      const { input } = started.started.find((one) => one.arn === arn)!;
      const name = arn.split(':').at(-1)!;
      stopped.add(name);
      stops.get(name)!();
      await started.stop(arn, cause, error);
      tellEnd(input as Release, { status: 'ABORTED' });
    },
  };
  const serviceExecutions = {
    ...services,
    async stop(arn: string) {
      stopped.add(arn.split(':').at(-1)!);
    },
  };

  const platform = {
    ...memoryPlatform(),
    apps: memoryApps(configs),
    source,
    executions,
    serviceExecutions,
    now: clock.now,
    pace: clock,
    random: () => Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256)),
  };
  const begun = new Map<string, number>();
  const made = memoryBuilds(platform.artifacts, async (request) => {
    const { task = 'package', service } = request;
    if (task === 'package') {
      const code = textOf(service, request.commit);
      storePackage(platform.artifacts, request, { functions: { Get: `get ${code}`, Put: `put ${code}` } });
    }
    return undefined;
  });
  const builds = {
    ...made,
    async start(request: Parameters<typeof made.start>[0]) {
      const id = await made.start(request);
      if (!begun.has(id)) begun.set(id, clock.now() + 20 * SECOND + random() * 3 * MINUTE);
      return id;
    },
    async statuses(ids: readonly string[]) {
      const all = await made.statuses(ids);
      const isOver = (id: string) => clock.now() >= begun.get(id)!;
      return new Map([...all].map(([id, status]) => [id, isOver(id) ? status : { status: 'running' as const }]));
    },
  };

  const finished = finish(platform);
  const workers: Readonly<Record<string, Work>> = {
    ...serviceWorkers({ ...platform, builds }),
    plan: plan({ ...platform, now: () => new Date(clock.now()).toISOString() }),
    finish: finished,
    watch: (event) => lookAfter(event),
  };

  /** How often a worker has died in a state of an execution. */
  const deaths = new Map<string, number>();
  /** Runs a worker as Lambda does: it takes its time, and may die before it begins, or before it tells of its end. */
  async function invoke(work: Work, event: unknown, of = ''): Promise<unknown> {
    const dies = (when: string): void => {
      const before = deaths.get(of) ?? 0;
      if (before >= MOST_DEATHS || !happens(`killed ${when}`, faults)) return;
      if (of !== '') deaths.set(of, before + 1);
      throw named('Sandbox.Timedout', `timed out ${when}`);
    };
    await clock.sleep(100 + random() * SECOND);
    if (isAwsAway) throw named('Lambda.ServiceException', 'Lambda answers 503');
    dies('before');
    if (happens('throttled', faults)) throw new ReleaseError('Throttled', 'Rate exceeded');
    const answer = await work(event);
    dies('after');
    return answer;
  }

  /** As Lambda makes an asynchronous call: what fails three times is given up. */
  async function invokeLater(work: Work, event: unknown): Promise<void> {
    for (const again of [...TRIED_AGAIN_AFTER, undefined]) {
      try {
        await invoke(work, event);
        return;
      } catch {
        if (again === undefined) counts['given up'] = (counts['given up'] ?? 0) + 1;
        else await clock.sleep(again);
      }
    }
  }

  const running = new Set<Promise<unknown>>();
  const problems: unknown[] = [];
  function apart(work: Promise<unknown>): void {
    running.add(work);
    work.catch((problem) => problems.push(problem)).finally(() => running.delete(work));
  }
  /** Delivers an event: late, twice, or never. */
  function deliver(kind: string, work: Work, event: unknown): void {
    if (happens(`${kind} lost`, faults)) return;
    const times = happens(`${kind} twice`, faults) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      apart(clock.sleep(random() * 30 * SECOND).then(() => invokeLater(work, event)));
    }
  }
  const tellEnd = (release: Release, { status, ...more }: { status: string; error?: string; cause?: string }) =>
    deliver('end', finished, anExecutionEnd(release, status, more));

  /** Whoever belongs to an execution that was stopped never gets an answer. */
  const unless = async <T>(names: readonly string[], work: () => Promise<T>): Promise<T> => {
    const isStopped = () => names.some((name) => stopped.has(name));
    const never = () => new Promise<never>(() => {});
    if (isStopped()) return never();
    try {
      return await work();
    } finally {
      if (isStopped()) await never();
    }
  };

  const live: Record<string, Definition> = { ...definitions };
  const machines = stateMachines({
    definitions: live,
    functions: Object.fromEntries(
      Object.entries(workers).map(([name, work]) => [
        name,
        (event: Json, state: string) => {
          const names = executionsOf(event);
          return unless(names, () => invoke(work, event, `${names.at(-1)} ${state}`));
        },
      ]),
    ),
    putItem: async (item) => {
      const { releaseId, wait } = writtenWait(item);
      platform.waits.add(releaseId, wait);
    },
    now: clock.now,
    sleep: clock.sleep,
    random,
  });
  const lookAfter = watch({ ...platform, builds, callbacks: machines.callbacks });

  async function run(name: string, release: Release): Promise<void> {
    const end = await machines.run(RELEASE, { name, input: release });
    executions.finish(executions.arnOf(name), end.status === 'SUCCEEDED' ? 'succeeded' : 'failed');
    tellEnd(release, end.status === 'SUCCEEDED' ? { status: 'SUCCEEDED' } : end);
  }

  /** What CodeDeploy and the platform's hooks do while time passes. */
  async function letCodeDeployWork(): Promise<void> {
    const { shifts, hookRuns } = platform.inTarget;
    shifts.advance(1 / 6);
    for (const { application, group, moment, ...call } of shifts.calls()) {
      const hooks = await hookRuns.find(application, group);
      if (!hooks || hooks.moments[moment]?.deploymentId === call.deploymentId) continue;
      const at = new Date(clock.now()).toISOString();
      await hookRuns.record(hooks, moment, { ...call, status: 'passed', at });
    }
  }

  let isOver = false;
  async function every(period: number, work: () => Promise<unknown>): Promise<void> {
    for (await clock.sleep(random() * period); !isOver; await clock.sleep(period)) await work();
  }

  /** @returns the text of a service in a commit: services that a commit does not change have that of an earlier one */
  const texts = new Map<string, string>();
  const textOf = (service: string, commit: string): string => texts.get(`${service} ${commit}`)!;

  return {
    ...platform,
    clock,
    configs,
    textOf,
    servicesOf,
    /** All that happened on purpose. */
    mishaps: (): Mishaps => ({ ...counts }),
    problems,
    /** Begins what runs by the clock. */
    begin(): void {
      apart(every(10 * SECOND, letCodeDeployWork));
      apart(every(5 * MINUTE, () => invokeLater(sweep(platform), {})));
      apart(every(15 * MINUTE, () => invokeLater(reconcile(platform), {})));
    },
    /** Ends it. */
    async end(): Promise<void> {
      isOver = true;
      while (running.size > 0) await Promise.race([...running, clock.sleep(MINUTE)]);
    },
    /** Pushes a commit that changes one of the app's services, or both. */
    push(app: string, branch: 'main' | 'release'): void {
      commits += 1;
      const commit = String(commits).padStart(40, '0');
      const { branches, commits: trees } = repositories[app]!;
      const before = branches[branch];
      const which = random();
      const files = servicesOf(app).map((service, index) => {
        const isChanged = before === undefined || (index === 0 ? which < 0.7 : which > 0.3);
        const text = isChanged ? `${commit} ${service}` : textOf(service, before);
        texts.set(`${service} ${commit}`, text);
        return [`${service}/serverless.yml`, text];
      });
      trees[commit] = { 'seed.yml': '', ...Object.fromEntries(files) };
      branches[branch] = commit;
      deliver('push', push(platform), aPush(branch, { id: `event-${commits}`, repository: app }));
    },
    headOf: (app: string, branch: string): string | undefined => repositories[app]!.branches[branch],
    /** A person cancels what there is in a stage. @returns whether there was anything */
    cancel: (app: string, stage: string) => asked('cancelled', () => cancel(platform)({ app, stage, by: 'ada' })),
    rollBack: (app: string, stage: string) =>
      asked('rolled back', () => rollback(platform)({ app, stage, requestId: `rollback-${clock.now()}`, by: 'ada' })),
    /** A person stops the execution of a release in the console. */
    async stop(app: string, stage: string): Promise<void> {
      const [newest] = await platform.releases.latest({ app, stage }, 1);
      if (newest?.status !== 'running') return;
      await asked('stopped', () => executions.stop(executions.arnOf(releaseExecutionName(newest.release))));
    },
    /** The repositories' host does not answer for a while. */
    loseHost: (minutes: number) => away('host', minutes),
    /** No worker runs for a while. */
    loseAws: (minutes: number) => away('AWS', minutes),
    /** What begins from here on has these state machines; what runs ends with those that it began with. */
    deployPlatform(definitions: Definitions): void {
      Object.assign(live, definitions);
      counts['platform deployed'] = (counts['platform deployed'] ?? 0) + 1;
    },
  };

  async function asked(kind: string, act: () => Promise<unknown>): Promise<void> {
    // There may be nothing to do it to.
    const done = await act().then(
      () => true,
      () => false,
    );
    if (done) counts[kind] = (counts[kind] ?? 0) + 1;
  }

  async function away(which: 'host' | 'AWS', minutes: number): Promise<void> {
    counts[`minutes without ${which}`] = (counts[`minutes without ${which}`] ?? 0) + minutes;
    if (which === 'host') isHostAway = true;
    else isAwsAway = true;
    await clock.sleep(minutes * MINUTE);
    if (which === 'host') isHostAway = false;
    else isAwsAway = false;
  }
}

export const servicesOf = (app: string): readonly string[] => [`${app}-api`, `${app}-web`];

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** @returns the names of the executions that a worker's call belongs to */
function executionsOf(event: Json): readonly string[] {
  const { release, service } = event as { readonly release: Release; readonly service?: { readonly path: string } };
  const own = releaseExecutionName(release);
  return service ? [own, serviceExecutionName(release, service.path)] : [own];
}
