import { type FollowPorts, followRelease, type ReleaseView } from '../../../lib/cli/show/follow-release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { memoryExecutions } from '../../../lib/memory/memory-executions';
import { memoryReleases } from '../../../lib/memory/memory-releases';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { aRelease } from '../../builders';

const RELEASE = aRelease();
const NOW = '2026-01-01T00:00:00.000Z';
const PLAN = { phases: [[{ path: 'orders', reasons: [] }]], skip: [] };
const DONE: ServiceRecord = {
  path: 'orders',
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
};

/** A platform on which a release runs; `next` does what happens between two readings. */
async function aRunningRelease() {
  const releases = memoryReleases();
  const serviceStates = memoryServiceStates();
  const executions = memoryExecutions('Release');
  await releases.accept(RELEASE, {});
  await releases.takeLock(RELEASE, NOW);
  const arn = await executions.start('release', RELEASE);
  await releases.recordExecution(RELEASE, arn);
  const progress: FollowPorts['progress'] = {
    ofRelease: async () => ({ status: await executions.status(arn), entered: [] }),
    ofServices: async (_, paths) => paths.map((path) => ({ path, entered: [{ name: 'Begin build', at: 1 }] })),
  };
  const ports: FollowPorts = { releases, serviceStates, progress };
  return { releases, serviceStates, executions, arn, ports };
}

/** Follows the release and lets the next thing happen after each reading. */
async function follow(
  ports: FollowPorts,
  happenings: readonly (() => Promise<unknown>)[] = [],
): Promise<ReleaseView[]> {
  const views: ReleaseView[] = [];
  const left = [...happenings];
  const releases = {
    find: async (key: typeof RELEASE) => {
      if (views.length > 0) await left.shift()?.();
      return ports.releases.find(key);
    },
  };
  await followRelease({ ...ports, releases: releases as FollowPorts['releases'] }, RELEASE, {
    interval: 0,
    onView: (view) => views.push(view),
  });
  return views;
}

describe('following a release', () => {
  it('tells where the release stands when its services have ended', async () => {
    const { ports, releases, serviceStates } = await aRunningRelease();
    const ofRelease: FollowPorts['progress']['ofRelease'] = async () => ({
      status: 'running',
      entered: [{ name: 'Wait for after_all', at: 1 }],
    });
    const views = await follow({ ...ports, progress: { ...ports.progress, ofRelease } }, [
      () => releases.recordPlan(RELEASE, PLAN, NOW),
      () => serviceStates.endService(RELEASE, { status: 'deployed' }, DONE),
      () => releases.end(RELEASE, { status: 'succeeded', finishedAt: NOW }),
    ]);
    expect(views.map(({ ending }) => ending)).toEqual([undefined, undefined, 'Wait for after_all', undefined]);
  });

  it('tells the plan, where its services stand, what became of them, and the end', async () => {
    const { ports, releases, serviceStates } = await aRunningRelease();
    const views = await follow(ports, [
      () => releases.recordPlan(RELEASE, PLAN, NOW),
      () => serviceStates.endService(RELEASE, { status: 'deployed' }, DONE),
      () => releases.end(RELEASE, { status: 'succeeded', finishedAt: NOW }),
    ]);
    expect(views.map(({ record, running, services }) => [record.status, running.length, services.length])).toEqual([
      ['running', 0, 0],
      ['running', 1, 0],
      ['running', 0, 1],
      ['succeeded', 0, 1],
    ]);
    expect(views[1]?.running[0]).toMatchObject({ path: 'orders', state: 'Begin build', began: { build: 1 } });
  });

  it('ends with a release that had ended before', async () => {
    const { ports, releases } = await aRunningRelease();
    await releases.end(RELEASE, { status: 'failed', finishedAt: NOW });
    expect(await follow(ports)).toHaveLength(1);
  });

  it('fails if there is no such release', async () => {
    const { ports } = await aRunningRelease();
    const other = { ...RELEASE, id: RELEASE.id.replace(/.$/, '0') };
    await expect(followRelease(ports, other)).rejects.toMatchObject({ code: 'ReleaseNotFound' });
  });

  it('gives up on a release whose execution has ended without a record of its end', async () => {
    const { ports, executions, arn } = await aRunningRelease();
    executions.finish(arn, 'aborted');
    await expect(followRelease(ports, RELEASE, { interval: 0 })).rejects.toMatchObject({
      code: 'ReleaseUnfinished',
      message: expect.stringContaining(arn),
    });
  });

  it('stops when told to, and leaves the release running', async () => {
    const { ports, releases } = await aRunningRelease();
    const control = new AbortController();
    const following = followRelease(ports, RELEASE, { signal: control.signal, onView: () => control.abort() });
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
    expect((await releases.find(RELEASE))?.status).toBe('running');
  });

  it('looks at a few services at a time, each in its turn, and not at those of later phases', async () => {
    const { ports, releases } = await aRunningRelease();
    const services = (phase: string) =>
      Array.from({ length: 12 }, (_, index) => ({ path: `${phase}-${index}`, reasons: [] }));
    const plan = { phases: [services('first'), services('second')], skip: [] };
    const looked: string[][] = [];
    const ofServices: FollowPorts['progress']['ofServices'] = async (key, paths) => {
      looked.at(-1)!.push(...paths);
      return ports.progress.ofServices(key, paths);
    };
    const find: FollowPorts['releases']['find'] = (key) => {
      looked.push([]);
      return releases.find(key);
    };
    const views = await follow({ ...ports, releases: { find }, progress: { ...ports.progress, ofServices } }, [
      () => releases.recordPlan(RELEASE, plan, NOW),
      async () => undefined,
      async () => undefined,
      () => releases.end(RELEASE, { status: 'failed', finishedAt: NOW }),
    ]);
    expect(looked.map(({ length }) => length)).toEqual([0, 5, 5, 5, 0]);
    expect(new Set(looked.flat()).size).toBe(12);
    expect(looked.flat().some((name) => name.includes('second'))).toBe(false);
    const [begun, waiting] = [views[3]!.running.slice(0, 12), views[3]!.running.slice(12)];
    expect(begun.every(({ began }) => began.build === 1)).toBe(true);
    expect(waiting.every(({ began }) => Object.keys(began).length === 0)).toBe(true);
  });

  it('goes on when AWS throttles', async () => {
    const { ports, releases } = await aRunningRelease();
    let refused = 0;
    const ofServices: FollowPorts['progress']['ofServices'] = async (_, paths) => {
      refused += 1;
      if (refused < 4) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return paths.map((path) => ({ path, entered: [{ name: 'Begin deploy', at: 1 }] }));
    };
    const views = await follow({ ...ports, progress: { ...ports.progress, ofServices } }, [
      () => releases.recordPlan(RELEASE, PLAN, NOW),
      ...Array.from({ length: 3 }, () => async () => undefined),
      () => releases.end(RELEASE, { status: 'succeeded', finishedAt: NOW }),
    ]);
    expect(refused).toBe(4);
    expect(views.map(({ running }) => running[0]?.state)).toEqual([undefined, 'Begin deploy', undefined]);
  });
});
