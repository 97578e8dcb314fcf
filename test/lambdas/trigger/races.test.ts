import fc from 'fast-check';
import { finish } from '../../../lambdas/record/finish';
import type { FinishPorts } from '../../../lambdas/record/finish-release';
import { sweep } from '../../../lambdas/record/sweep';
import { push } from '../../../lambdas/trigger/push';
import { Release } from '../../../lib/core/contracts/release';
import { memoryApps } from '../../../lib/memory/memory-apps';
import type { MemoryExecutions } from '../../../lib/memory/memory-executions';
import { anApp, anExecutionEnd, aPush, memoryPlatform, NOW } from '../../memory-platform';
import { runs } from '../../runs';

/**
 * Workers race: after every call that one of them makes, any other may go on first, and each may die after any of its
 * calls. Whatever happens, the rules of lock and queue hold.
 */
const STAGE = { app: 'shop', stage: 'dev' };
const commitOf = (push: number): string => String(push).padStart(40, '0');

interface Push {
  /** Calls after which its worker dies, by delivery. */
  readonly deaths: readonly number[];
  /** Deliveries to workers that do not die: Lambda repeats an event in vain, once, or without need. */
  readonly deliveries: number;
}
interface Scenario {
  readonly pushes: readonly Push[];
  /** Calls after which the workers die that end the first executions. */
  readonly finishDeaths: readonly number[];
  /** Whether the events get lost that tell of ended executions. */
  readonly endEventsLost: boolean;
  /** Whether a sweep runs beside all that. */
  readonly sweepsMeanwhile: boolean;
  /** How the clocks of the workers differ from the right time, in milliseconds. */
  readonly clocks: readonly number[];
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  pushes: fc.array(
    fc.record({
      deaths: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
      deliveries: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  finishDeaths: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
  endEventsLost: fc.boolean(),
  sweepsMeanwhile: fc.boolean(),
  clocks: fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 4 }),
});

class Died extends Error {}

/** A stage with one branch, and all the workers that race for it. */
function world(scheduler: fc.Scheduler, { finishDeaths, endEventsLost, clocks }: Scenario) {
  const { dev } = anApp().stages;
  const memory = memoryPlatform({ branches: { main: commitOf(0) } });
  let ticks = 0;
  const platform = {
    ...memory,
    apps: memoryApps([anApp({ stages: { dev: dev! } })]),
    now: () => NOW + clocks[ticks++ % clocks.length]!,
  };
  /** Releases whose execution was started and has not ended: what must never be two. */
  const working = new Set<string>();
  const overlaps: string[] = [];
  const running: Promise<void>[] = [];
  const remainingDeaths = [...finishDeaths];

  /** One worker's view of the ports: each call ends when the scheduler says so; after the last one it dies. */
  function portsUntil(death: number | undefined): FinishPorts & typeof platform {
    let calls = 0;
    const wrap = <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, name) {
          const member = Reflect.get(target, name);
          if (typeof member !== 'function' || name === 'arnOf') return member;
          return async (...given: unknown[]) => {
            if (calls === death) throw new Died();
            calls += 1;
            const result = await scheduler.schedule(
              Promise.resolve(Reflect.apply(member, target, given)),
              String(name),
            );
            if (calls === death) throw new Died();
            return result;
          };
        },
      });
    const executions: MemoryExecutions = {
      ...platform.executions,
      async start(name, input) {
        const before = platform.executions.started.length;
        const arn = await platform.executions.start(name, input);
        if (platform.executions.started.length > before) running.push(execute(arn, Release.parse(input)));
        return arn;
      },
    };
    return {
      ...platform,
      apps: wrap(platform.apps),
      source: wrap(platform.source),
      releases: wrap(platform.releases),
      states: wrap(platform.states),
      executions: wrap(executions),
      serviceExecutions: wrap(platform.serviceExecutions),
      events: wrap(platform.events),
    };
  }

  /** What the state machine does: works, calls finish, ends; then an event tells of its end. */
  async function execute(arn: string, release: Release): Promise<void> {
    working.add(release.id);
    if (working.size > 1) overlaps.push([...working].join(' and '));
    await scheduler.schedule(Promise.resolve(), `work of ${release.id}`);
    working.delete(release.id);
    await surviving(finish(portsUntil(remainingDeaths.shift()))({ release }));
    platform.executions.finish(arn, 'succeeded');
    if (endEventsLost) return;
    await surviving(finish(portsUntil(remainingDeaths.shift()))(anExecutionEnd(release, 'SUCCEEDED')));
    await finish(portsUntil(undefined))(anExecutionEnd(release, 'SUCCEEDED'));
  }

  async function pushed(index: number, { deaths, deliveries }: Push): Promise<void> {
    await scheduler.schedule(Promise.resolve(), `push ${index}`);
    if (commitOf(index) > platform.branches.main!) platform.branches.main = commitOf(index);
    const event = aPush('main', { id: `event-${index}` });
    for (const death of deaths) await surviving(push(portsUntil(death))(event));
    for (let delivery = 0; delivery < deliveries; delivery += 1) await push(portsUntil(undefined))(event);
  }

  async function sweeping(): Promise<void> {
    for (let pass = 0; pass < 4; pass += 1) {
      await scheduler.schedule(Promise.resolve(), `sweep ${pass}`);
      await sweep(portsUntil(undefined))();
    }
  }

  /** Everything that was started, and what that starts. */
  async function settle(): Promise<void> {
    for (let seen = -1; seen !== running.length; ) {
      seen = running.length;
      await scheduler.waitFor(Promise.all(running));
    }
  }

  return { platform, overlaps, pushed, sweeping, settle, portsUntil };
}

async function surviving(worker: Promise<unknown>): Promise<void> {
  try {
    await worker;
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  }
}

describe('lock and queue under races and deaths', () => {
  it('never run two releases of a stage, always run the newest, and supersede those left behind', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), scenarios, async (scheduler, scenario) => {
        const { platform, overlaps, pushed, sweeping, settle, portsUntil } = world(scheduler, scenario);
        const workers = scenario.pushes.map((one, index) => pushed(index, one));
        if (scenario.sweepsMeanwhile) workers.push(sweeping());
        await scheduler.waitFor(Promise.all(workers));
        await settle();
        if (scenario.endEventsLost || scenario.pushes.some(({ deliveries }) => deliveries === 0)) {
          // The sweep comes again and again; each pass may start a release that the next one has to end.
          for (let pass = 0; pass < 3; pass += 1) {
            await scheduler.waitFor(sweep(portsUntil(undefined))());
            await settle();
          }
        }

        expect(overlaps).toEqual([]);
        expect(await platform.releases.open()).toEqual([]);
        expect((await platform.releases.queue(STAGE)).waiting).toBeUndefined();
        const records = [...(await platform.releases.latest(STAGE, 100))].reverse();
        if (scenario.pushes.every(({ deliveries }) => deliveries > 0)) {
          expect(records.at(-1)!.release.commit).toBe(commitOf(scenario.pushes.length - 1));
        }
        if (records.length > 0) expect(records.at(-1)!.status).toBe('succeeded');
        for (const { status, supersededBy, release } of records.slice(0, -1)) {
          if (status === 'superseded') expect(supersededBy! > release.id).toBe(true);
          else expect(status).toBe('succeeded');
        }
        const commits = records.map(({ release }) => release.commit);
        // Never an older head after a newer one, and none twice.
        expect(commits).toEqual([...new Set(commits)].sort());
        const ends = platform.events.published.filter(({ status }) => status === 'succeeded');
        const announced = new Set(ends.map(({ releaseId }) => releaseId));
        const ended = records.filter(({ status }) => status === 'succeeded').map(({ release }) => release.id);
        if (!scenario.endEventsLost) expect(announced).toEqual(new Set(ended));
      }),
      { numRuns: runs(100) },
    ));
});
