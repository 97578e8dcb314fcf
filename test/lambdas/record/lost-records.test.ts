import { finish } from '../../../lambdas/record/finish';
import { sweep } from '../../../lambdas/record/sweep';
import { cancel } from '../../../lambdas/trigger/cancel';
import { push } from '../../../lambdas/trigger/push';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { COMMIT } from '../../builders';
import { anExecutionEnd, aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const PATHS = ['billing', 'orders'];
const aRecord = (path: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  ...more,
});
const FAILED = { status: 'failed', error: { code: 'BuildFailed', message: 'no' } } as const;

/** A release that runs, of `billing` and `orders`, behind which another waits. */
async function running() {
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  await push(platform)(aPush('topic/a'));
  const release = (await platform.releases.latest(DEV, 1))[0]!.release as Release;
  const phases = [PATHS.map((path) => ({ path, reasons: [] }))];
  await platform.releases.recordPlan(release, { phases, skip: [] }, '2026-01-02T03:04:05.250Z');
  await push(platform)(platform.moved('topic/a', 'event-2'));
  const begin = (path: string) => platform.serviceExecutions.start(serviceExecutionName(release, path), {});
  return { platform, release, begin };
}
type World = Awaited<ReturnType<typeof running>>;

/** How far the service `billing` had come; `orders` was deployed and recorded. */
const STANDS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'had not begun': async () => undefined,
  'was being built': ({ begin }) => begin('billing'),
  'was being deployed': async ({ platform, release, begin }) => {
    await begin('billing');
    await platform.states.beginService(release, 'billing');
  },
  'ended without a record while it was being deployed': async ({ platform, release, begin }) => {
    platform.serviceExecutions.finish(await begin('billing'), 'failed');
    await platform.states.beginService(release, 'billing');
  },
  'ended without a record before anything of it was touched': async ({ platform, begin }) => {
    platform.serviceExecutions.finish(await begin('billing'), 'failed');
  },
  'had failed, and that is recorded': async ({ platform, release, begin }) => {
    platform.serviceExecutions.finish(await begin('billing'), 'failed');
    await platform.states.beginService(release, 'billing');
    await platform.states.endService(release, { status: 'failed' }, aRecord('billing', FAILED));
  },
};
const TOUCHED = /deployed|recorded/;

const sweepAfter = async ({ platform }: World, status: 'failed' | 'timed-out' | 'aborted') => {
  platform.executions.finish(platform.executions.started[0]!.arn, status);
  await sweep(platform)();
};
/** Who hears that the release has ended, and how. */
const COMES: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'its last state': ({ platform, release }) =>
    finish(platform)({ release, error: { Error: 'ServiceFailed', Cause: 'a service of this phase failed' } }),
  'the event of a failed execution': ({ platform, release }) =>
    finish(platform)(anExecutionEnd(release, 'FAILED', { error: 'States.Runtime', cause: 'history' })),
  'the event of an aborted execution': ({ platform, release }) => finish(platform)(anExecutionEnd(release, 'ABORTED')),
  'the event of one that took too long': ({ platform, release }) =>
    finish(platform)(anExecutionEnd(release, 'TIMED_OUT')),
  'the sweep, after a failure': (world) => sweepAfter(world, 'failed'),
  'the sweep, after an abort': (world) => sweepAfter(world, 'aborted'),
  'the sweep, after it took too long': (world) => sweepAfter(world, 'timed-out'),
  'the sweep, when the execution is gone': ({ platform }) =>
    sweep({ ...platform, executions: { ...platform.executions, status: async () => 'unknown' as const } })(),
  'somebody who cancels it': async ({ platform, release }) => {
    await cancel(platform)({ ...DEV, releaseId: release.id });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
  },
  'the sweep, after somebody cancelled it': async (world) => {
    await cancel(world.platform)({ ...DEV, releaseId: world.release.id });
    await sweep(world.platform)();
  },
  'the sweep, and the event after it': async (world) => {
    await sweepAfter(world, 'aborted');
    await finish(world.platform)(anExecutionEnd(world.release, 'ABORTED'));
  },
  'two at once': ({ platform, release }) =>
    Promise.all([
      finish(platform)(anExecutionEnd(release, 'ABORTED')),
      finish(platform)(anExecutionEnd(release, 'ABORTED')),
    ]),
};

describe.each(Object.entries(STANDS))('a release of which a service %s', (stood, stand) => {
  it.each(Object.entries(COMES))('is ended by %s, and the next one runs', async (_, come) => {
    const world = await running();
    const { platform, release, begin } = world;
    await begin('orders');
    await platform.states.beginService(release, 'orders');
    await platform.states.endService(release, { status: 'deployed' }, aRecord('orders'));
    await stand(world);
    await come(world);

    const [next, ended] = await platform.releases.latest(DEV, 2);
    expect(['failed', 'aborted']).toContain(ended!.status);
    expect(ended!.error?.message).toBeTruthy();
    expect(next).toMatchObject({ status: 'running', executionArn: expect.any(String) });
    const execution = platform.serviceExecutions.arnOf(serviceExecutionName(release, 'billing'));
    expect(await platform.serviceExecutions.status(execution)).not.toBe('running');
    const records = await platform.states.records(release);
    expect(records.find(({ path }) => path === 'orders')).toMatchObject({ status: 'deployed' });
    const billing = records.find(({ path }) => path === 'billing');
    const state = await platform.states.find(DEV, 'billing');
    if (TOUCHED.test(stood)) {
      expect(billing).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/./) } });
      expect(state).toMatchObject({ status: 'failed' });
    } else {
      expect([billing, state]).toEqual([undefined, undefined]);
    }
  });
});

describe('a worker that is late', () => {
  const DEPLOYED = { status: 'deployed', commit: COMMIT, deployedPackage: 'deployed.json' } as const;
  async function deploying() {
    const world = await running();
    await STANDS['was being deployed']!(world);
    const late = () => world.platform.states.endService(world.release, DEPLOYED, aRecord('billing'));
    /** Ends the release; the worker writes while whoever ends it waits for it. */
    const end = (status: string, meanwhile: () => Promise<unknown>) => {
      const pace = { ...world.platform.pace, sleep: async () => void (await meanwhile()) };
      const platform = { ...world.platform, pace };
      return finish(platform)(anExecutionEnd(world.release, status));
    };
    return { ...world, late, end };
  }

  it.each(['ABORTED', 'TIMED_OUT', 'FAILED'])(
    'does not make a service deployed that was undone: %s',
    async (status) => {
      const { platform, release, late, end } = await deploying();
      await end(status, late);
      expect(await platform.states.find(DEV, 'billing')).toMatchObject({ status: 'failed' });
      expect(await platform.states.records(release)).toMatchObject([{ path: 'billing', status: 'failed' }]);
      expect((await platform.releases.latest(DEV, 2))[1]).toMatchObject({
        status: expect.stringMatching(/failed|aborted/),
      });
    },
  );

  it('is refused when its release has ended', async () => {
    const { platform, release, late, end } = await deploying();
    await end('ABORTED', async () => undefined);
    await expect(late()).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
    await expect(platform.states.beginService(release, 'billing')).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
    expect(await platform.states.find(DEV, 'billing')).toMatchObject({ status: 'failed' });
  });

  it('that had deployed a service before anybody came is believed', async () => {
    const { platform, release, late } = await deploying();
    await late();
    await cancel(platform)({ ...DEV, releaseId: release.id });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect(await platform.states.find(DEV, 'billing')).toMatchObject({ status: 'deployed', commit: COMMIT });
    const [, ended] = await platform.releases.latest(DEV, 2);
    expect(ended!.error?.message).toMatch(/already deployed, stays: "billing"; not begun: "orders"/);
  });

  it('marks a service only then, and the service is undone too', async () => {
    const world = await running();
    const { platform, release, begin } = world;
    await begin('billing');
    const mark = () => platform.states.beginService(release, 'billing');
    const pace = { ...platform.pace, sleep: async () => void (await mark()) };
    await finish({ ...platform, pace })(anExecutionEnd(release, 'ABORTED'));
    expect(await platform.states.find(DEV, 'billing')).toMatchObject({ status: 'failed', closedBy: release.id });
    expect(await platform.states.records(release)).toMatchObject([{ path: 'billing', status: 'failed' }]);
  });

  it('leaves alone what a newer release has begun meanwhile', async () => {
    const { platform, release, end } = await deploying();
    const other = async () => {
      await finish(platform)(anExecutionEnd(release, 'ABORTED'));
      const [next] = await platform.releases.latest(DEV, 1);
      await platform.states.beginService(next!.release, 'billing');
    };
    await expect(end('ABORTED', other)).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
    const [next, ended] = await platform.releases.latest(DEV, 2);
    expect(await platform.states.find(DEV, 'billing')).toMatchObject({
      status: 'deploying',
      releaseId: next!.release.id,
    });
    expect(ended).toMatchObject({ status: 'aborted' });
    expect(next).toMatchObject({ status: 'running' });
  });
});

describe('services of which one has to be undone later', () => {
  it('are undone all the same, and the release ends when that one is', async () => {
    const { platform, release } = await running();
    for (const path of PATHS) await platform.states.beginService(release, path);
    const asked: string[] = [];
    const readBytes: typeof platform.artifacts.readBytes = async (key) => {
      // Not where the manifest would be of an older version.
      if (key.startsWith('packages/shop/dev/')) asked.push(key.split('/')[3]!);
      if (key.includes('/billing/')) throw new ReleaseError('Throttled', 'busy');
      return platform.artifacts.readBytes(key);
    };
    const busy = { ...platform, artifacts: { ...platform.artifacts, readBytes } };
    await expect(finish(busy)(anExecutionEnd(release, 'ABORTED'))).rejects.toMatchObject({ code: 'Throttled' });
    expect(asked).toEqual(PATHS);
    expect(await platform.releases.find(release)).toMatchObject({ status: 'running' });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect(await platform.releases.find(release)).toMatchObject({ status: 'aborted' });
    expect(await platform.states.list(DEV)).toMatchObject(PATHS.map((path) => ({ path, status: 'failed' })));
  });
});
