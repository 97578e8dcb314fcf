import { watch } from '../../../lambdas/watch/watch';
import { boundProgress } from '../../../lib/core/bound-progress';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { LIMITS } from '../../../lib/core/contracts/limits';
import { MOST_PARALLEL } from '../../../lib/core/contracts/payloads';
import type { StackEvent } from '../../../lib/core/contracts/stack-event';
import { HOOK_MOMENTS, type HookMoment, type StartedShift } from '../../../lib/core/contracts/started-shift';
import type { Wait, WaitSubject } from '../../../lib/core/contracts/wait';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryCallbacks } from '../../../lib/memory/memory-callbacks';
import { memoryWaits } from '../../../lib/memory/memory-waits';
import type { BuildStatus } from '../../../lib/ports/builds';
import type { ShiftStatus } from '../../../lib/ports/shifts';
import { aHookRun, aRelease } from '../../builders';

const START = Date.parse('2026-01-02T03:04:05.000Z');
const release = aRelease();

/**
 * A release whose services wait, in memory, and what a test does to it at each second: the clock goes on only when the
 * watcher sleeps.
 */
function aWatch() {
  const waits = memoryWaits();
  const callbacks = memoryCallbacks();
  const artifacts = memoryArtifacts();
  const builds = new Map<string, BuildStatus>();
  const atWork = new Set<string>();
  const events = new Map<string, StackEvent[]>();
  const deployments = new Map<string, ShiftStatus['status']>();
  const passed: { readonly group: string; readonly moment: HookMoment }[] = [];
  const reported: string[] = [];
  const calls: { readonly call: string; readonly at: number; readonly of: readonly string[] }[] = [];
  const warnings: string[] = [];
  const at = new Map<number, () => unknown>();
  let now = START;
  let status = 'running';

  const called = (call: string, of: readonly string[]) => void calls.push({ call, at: (now - START) / 1_000, of });
  const shifts = {
    async statuses(ids: readonly string[]) {
      called('statuses', ids);
      return ids.map((deploymentId) => ({
        deploymentId,
        application: '',
        group: '',
        description: '',
        isRollback: false,
        createdAt: new Date(START).toISOString(),
        status: deployments.get(deploymentId) ?? 'running',
      }));
    },
    async reportHook({ deploymentId }: { readonly deploymentId: string }) {
      reported.push(deploymentId);
    },
  };
  const hookRuns = {
    async list(application: string) {
      called('hooks', [application]);
      return passed.map(({ group, moment }) => {
        const outcome = { deploymentId: `d-${group}`, executionId: 'e', status: 'passed', at: '' } as const;
        return aHookRun({ application, group, moments: { [moment]: outcome } });
      });
    },
  };
  const stacks = {
    async events(name: string) {
      called('events', [name]);
      return events.get(name) ?? [];
    },
    async inProgress() {
      called('inProgress', []);
      return atWork;
    },
    describe: async () => undefined,
    validationErrors: async () => [],
  };
  const ports = {
    releases: { find: async () => ({ status }) as never },
    waits,
    callbacks,
    artifacts,
    builds: {
      async statuses(ids: readonly string[]) {
        called('builds', ids);
        return new Map(ids.map((id) => [id, builds.get(id) ?? { status: 'running' as const }]));
      },
    },
    target: () => ({ shifts, hookRuns, stacks }) as never,
    log: { info: () => {}, warn: (message: string) => void warnings.push(message) },
    pace: {
      now: () => now,
      async sleep(milliseconds: number) {
        for (const end = now + milliseconds; now < end; ) {
          now += 1_000;
          await at.get((now - START) / 1_000)?.();
        }
      },
    },
  };
  return {
    ...{ waits, callbacks, builds, atWork, events, deployments, passed, reported, calls, warnings, ports, artifacts },
    /** What happens so many seconds after the start. */
    at: (second: number, happens: () => unknown) => void at.set(second, happens),
    end: () => {
      status = 'succeeded';
    },
    secondsSince: () => (now - START) / 1_000,
    /** A service begins to wait. */
    wait(service: string, subject: WaitSubject, token = `token of ${service}`): Wait {
      const wait = { service, token, subject };
      callbacks.open(token);
      waits.add(release.id, wait);
      return wait;
    },
    look: watch(ports),
  };
}

const aBuild = (buildId: string) => ({ kind: 'build', task: 'package', buildId }) as const;
const aStack = (stackName: string) =>
  ({ kind: 'stack', operation: { kind: 'update', stackName, token: 't' } }) as const;
const ended = (stackName: string, status = 'UPDATE_COMPLETE'): StackEvent => ({
  id: status,
  time: '2026-01-02T03:04:05.000Z',
  logicalId: stackName,
  type: 'AWS::CloudFormation::Stack',
  status,
  ofStack: true,
});
const aShift = (functions: readonly string[], allowed: readonly HookMoment[] = []): StartedShift => ({
  application: 'seedbed-shop-dev-orders',
  unit: 'service',
  hookTimeout: 300,
  functions: functions.map((group) => ({
    logicalId: group,
    name: group,
    group,
    deploymentId: `d-${group}`,
    allowed: [...allowed],
  })),
});

describe('what services wait for', () => {
  it('is told a second at most after it has ended, with what a wait worker answers', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.wait('web', aStack('web-dev'));
    world.at(7, () => world.builds.set('b1', { status: 'succeeded' }));
    world.at(9, () => world.events.set('web-dev', [ended('web-dev')]));
    world.at(10, () => world.waits.end(release.id));
    expect(await world.look({ release })).toMatchObject({ status: 'ended' });
    expect(world.secondsSince()).toBe(10);
    expect(Object.fromEntries(world.callbacks.told)).toEqual({
      'token of api': { output: { status: 'done' } },
      'token of web': { output: { status: 'done', events: ['UPDATE_COMPLETE web-dev'] } },
    });
    expect((await world.waits.list(release.id)).waits).toEqual([]);
  });

  it('is told as the error that a wait worker would throw', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.wait('web', aStack('web-dev'));
    world.builds.set('b1', { status: 'timed-out', message: 'took too long', logs: '' });
    world.events.set('web-dev', [ended('web-dev', 'UPDATE_ROLLBACK_FAILED')]);
    world.at(1, () => world.waits.end(release.id));
    await world.look({ release });
    expect(Object.fromEntries(world.callbacks.told)).toEqual({
      'token of api': { error: { name: 'BuildTimedOut', message: expect.stringContaining('took too long') } },
      'token of web': { error: { name: 'StackStuck', message: expect.stringContaining('web-dev') } },
    });
  });

  it('costs one call a second for builds, however many there are', async () => {
    const world = aWatch();
    for (let index = 0; index < 40; index += 1) world.wait(`s${index}`, aBuild(`b${index}`));
    expect(await world.look({ release })).toMatchObject({ status: 'running' });
    expect(world.calls).toHaveLength(56);
    expect(world.calls.every(({ call, of }) => call === 'builds' && of.length === 40)).toBe(true);
  });

  it('costs two calls a second for stacks that are at work, and one more for each that has ended', async () => {
    const world = aWatch();
    const names = Array.from({ length: 16 }, (_, index) => `stack-${index}`);
    for (const name of names) world.wait(name, aStack(name));
    for (const name of names) world.atWork.add(name);
    world.at(7, () => {
      for (const name of ['stack-9', 'stack-14']) {
        world.atWork.delete(name);
        world.events.set(name, [ended(name)]);
      }
    });
    world.at(8, () => world.waits.end(release.id));
    await world.look({ release });
    expect([...world.callbacks.told.keys()].sort()).toEqual(['token of stack-14', 'token of stack-9']);
    const calls = Array.from({ length: 8 }, (_, second) => world.calls.filter(({ at }) => at === second).length);
    expect(calls).toEqual([2, 2, 2, 2, 2, 2, 2, 4]);
    const seen = world.calls.filter(({ at, call }) => at < 7 && call === 'events').flatMap(({ of }) => of);
    expect(new Set(seen).size).toBe(7);
  });

  it('costs no more than five calls a second, whatever CloudFormation tells of stacks', async () => {
    const world = aWatch();
    const names = Array.from({ length: 16 }, (_, index) => `stack-${index}`);
    for (const name of names) world.wait(name, aStack(name));
    world.at(4, () => world.waits.end(release.id));
    await world.look({ release });
    const asked = world.calls.filter(({ call }) => call === 'events');
    expect(asked.map(({ at }) => at)).toEqual([0, 1, 2, 3].flatMap((second) => Array(4).fill(second)));
    expect(new Set(asked.flatMap(({ of }) => of)).size).toBe(16);
  });

  it('costs one call for the deployments of all shifts, and hooks are let go on together', async () => {
    const world = aWatch();
    world.wait('orders', { kind: 'shift', shift: aShift(['A', 'B']) });
    world.wait('mail', { kind: 'shift', shift: { ...aShift(['C']), application: 'seedbed-shop-dev-mail' } });
    world.at(2, () => world.passed.push({ group: 'A', moment: 'BeforeAllowTraffic' }));
    world.at(4, () => world.passed.push({ group: 'B', moment: 'BeforeAllowTraffic' }));
    world.at(5, () => world.waits.end(release.id));
    await world.look({ release });
    expect(world.reported).toEqual(['d-A', 'd-B']);
    const asked = world.calls.filter(({ call }) => call === 'statuses');
    expect(asked.map(({ of }) => of)).toEqual(Array.from({ length: 5 }, () => ['d-A', 'd-B', 'd-C']));
    const { waits } = await world.waits.list(release.id);
    const allowed = waits.flatMap(({ subject }) =>
      subject.kind === 'shift' ? subject.shift.functions.map((one) => [one.group, one.allowed.length]) : [],
    );
    expect(Object.fromEntries(allowed)).toEqual({ A: 1, B: 1, C: 0 });
  });

  it('is looked at every three seconds while traffic moves and nothing can happen', async () => {
    const world = aWatch();
    world.wait('orders', { kind: 'shift', shift: aShift(['A'], ['BeforeAllowTraffic']) });
    await world.look({ release });
    expect(world.calls.filter(({ call }) => call === 'statuses')).toHaveLength(19);
    const hooked = aWatch();
    hooked.wait('orders', { kind: 'shift', shift: aShift(['A'], [...HOOK_MOMENTS]) });
    await hooked.look({ release });
    expect(hooked.calls.filter(({ call }) => call === 'statuses')).toHaveLength(56);
  });
});

describe('whoever looks at the execution', () => {
  const at = (id: string, status: string) => ({ ...ended('web-dev', status), id, logicalId: id, ofStack: false });

  it('is told what happened of stacks and shifts that run, once', async () => {
    const world = aWatch();
    const { token } = world.wait('web', aStack('web-dev'));
    world.wait('orders', { kind: 'shift', shift: aShift(['A'], ['BeforeAllowTraffic']) });
    world.ports.target = () =>
      ({
        stacks: {
          events: async (name: string, _: string, after?: string) => {
            const all = world.events.get(name) ?? [];
            return all.slice(all.findIndex(({ id }) => id === after) + 1);
          },
        },
        shifts: { statuses: async () => [{ deploymentId: 'd-A', status: 'running', createdAt: '' }] },
        hookRuns: { list: async () => [] },
      }) as never;
    const look = watch(world.ports);
    world.events.set('web-dev', [at('Table', 'CREATE_IN_PROGRESS')]);
    const moving = { service: 'orders', of: 'shift', lines: ['A: moving, passed BeforeAllowTraffic'] };
    expect(await look({ release })).toEqual({
      status: 'running',
      progress: [{ service: 'web', of: 'stack', lines: ['CREATE_IN_PROGRESS Table'] }, moving],
    });
    world.events.get('web-dev')!.push(at('Queue', 'CREATE_COMPLETE'), ended('web-dev'));
    world.at(world.secondsSince() + 1, () => world.waits.end(release.id));
    expect(await look({ release })).toEqual({ status: 'ended', progress: [moving] });
    expect(world.callbacks.told.get(token)).toEqual({
      output: { status: 'done', events: ['CREATE_COMPLETE Queue', 'UPDATE_COMPLETE web-dev'] },
    });
  });

  it('is told as much as a state may give on, however many services there are', async () => {
    const progress = boundProgress(
      Array.from({ length: MOST_PARALLEL }, (_, index) => ({
        service: `service-${index}`,
        of: 'stack' as const,
        lines: Array.from({ length: 100 }, (_, line) => `${line} ${'"'.repeat(2_000)}`),
      })),
    );
    expect(JSON.stringify({ status: 'running', progress }).length).toBeLessThan(LIMITS.payload.most);
    expect(progress[7]!.lines.at(-1)).toMatch(/^99 /);
  });
});

describe('a shift whose state waits no more', () => {
  it('moves no traffic, and is not watched any longer', async () => {
    const world = aWatch();
    const { token } = world.wait('orders', { kind: 'shift', shift: aShift(['A']) });
    world.at(3, () => {
      world.callbacks.close(token);
      world.passed.push({ group: 'A', moment: 'BeforeAllowTraffic' });
    });
    world.at(5, () => world.waits.end(release.id));
    await world.look({ release });
    expect(world.reported).toEqual([]);
    expect((await world.waits.list(release.id)).waits).toEqual([]);
  });
});

describe('heartbeats', () => {
  const aSecondApart = (beats: readonly string[], token: string) => beats.filter((one) => one === token).length;

  it('come at once for what was waited for before, and then every half minute', async () => {
    const world = aWatch();
    const before = world.wait('api', aBuild('b1'));
    world.at(10, () => world.wait('web', aBuild('b2')));
    await world.look({ release });
    expect(aSecondApart(world.callbacks.beats, before.token)).toBe(2);
    expect(aSecondApart(world.callbacks.beats, 'token of web')).toBe(1);
  });

  it('do not come for what nothing can be learned of, and the others are looked after all the same', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.wait('web', aStack('web-dev'));
    world.wait('orders', aStack('orders-dev'));
    world.ports.builds.statuses = async () => {
      throw Object.assign(new Error('no rights'), { name: 'AccessDeniedException' });
    };
    world.events.set('orders-dev', [ended('orders-dev')]);
    const { look } = { look: watch(world.ports) };
    expect(await look({ release })).toMatchObject({ status: 'running' });
    expect(world.callbacks.beats).not.toContain('token of api');
    expect(world.callbacks.beats).toContain('token of web');
    expect([...world.callbacks.told.keys()]).toEqual(['token of orders']);
    expect(world.warnings.length).toBeGreaterThan(50);
  });

  it('do not come where AWS throttles, which is no end of what is waited for', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    let refusals = 5;
    const { statuses } = world.ports.builds;
    world.ports.builds.statuses = async (ids) => {
      refusals -= 1;
      if (refusals >= 0) throw new ReleaseError('Throttled', 'CodeBuild is busy');
      return statuses(ids);
    };
    world.builds.set('b1', { status: 'succeeded' });
    world.at(8, () => world.waits.end(release.id));
    await watch(world.ports)({ release });
    expect(Object.fromEntries(world.callbacks.told)).toEqual({ 'token of api': { output: { status: 'done' } } });
    expect(world.callbacks.beats).toEqual([]);
  });
});

describe('the watcher', () => {
  it('forgets waits whose states wait no more', async () => {
    const world = aWatch();
    const { token } = world.wait('api', aBuild('b1'));
    world.callbacks.close(token);
    world.at(2, () => world.waits.end(release.id));
    await world.look({ release });
    expect((await world.waits.list(release.id)).waits).toEqual([]);
  });

  it('calls a state back again that could not be told, and may be told by two watchers', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.builds.set('b1', { status: 'succeeded' });
    const { succeed } = world.callbacks;
    let fails = 2;
    world.ports.callbacks.succeed = async (token, output) => {
      fails -= 1;
      if (fails >= 0) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return succeed(token, output);
    };
    world.at(4, () => world.waits.end(release.id));
    await Promise.all([watch(world.ports)({ release }), watch(world.ports)({ release })]);
    expect(Object.fromEntries(world.callbacks.told)).toEqual({ 'token of api': { output: { status: 'done' } } });
    expect((await world.waits.list(release.id)).waits).toEqual([]);
  });

  it('leaves alone what a service waits for next, should that come before the wait is removed', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.builds.set('b1', { status: 'succeeded' });
    const { succeed } = world.callbacks;
    world.ports.callbacks.succeed = async (token, output) => {
      const told = await succeed(token, output);
      world.wait('api', aStack('api-dev'), 'next');
      return told;
    };
    world.at(1, () => world.waits.end(release.id));
    await watch(world.ports)({ release });
    expect((await world.waits.list(release.id)).waits).toMatchObject([{ service: 'api', token: 'next' }]);
  });

  it('ends with its release, also if nobody has told it so, and looks at nothing then', async () => {
    const world = aWatch();
    world.wait('api', aBuild('b1'));
    world.end();
    expect(await world.look({ release })).toMatchObject({ status: 'ended' });
    expect(world.calls).toEqual([]);
  });

  it('comes back within the minute that it is given', async () => {
    const world = aWatch();
    expect(await world.look({ release })).toMatchObject({ status: 'running' });
    expect(world.secondsSince()).toBeLessThan(60);
  });
});
