import { finish } from '../../../lambdas/record/finish';
import { push } from '../../../lambdas/trigger/push';
import { serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { COMMIT } from '../../builders';
import { anExecutionEnd, aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const planned = (path: string) => ({ path, reasons: [] });
const aRecord = (path: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: { build: 5_000, deploy: 100 },
  ...more,
});

/** A release that runs, planned: `orders` and `billing`, then `web`. */
async function running() {
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  await push(platform)(aPush('topic/a'));
  const [record] = await platform.releases.latest(DEV, 1);
  const release = record!.release as Release;
  const plan = { phases: [[planned('orders'), planned('billing')], [planned('web')]], skip: [planned('docs')] };
  await platform.releases.recordPlan(release, plan, '2026-01-02T03:04:05.250Z');
  return { platform, release, find: () => platform.releases.find(release) };
}

describe('finish', () => {
  it('ends a release, with the time of each step: the longest of a phase, phase after phase', async () => {
    const { platform, release, find } = await running();
    await platform.states.endService(release, { status: 'deployed' }, aRecord('orders'));
    await platform.states.endService(
      release,
      { status: 'deployed' },
      aRecord('billing', { durations: { build: 9_000, deploy: 50 } }),
    );
    await platform.states.endService(release, { status: 'deployed' }, aRecord('web', { durations: { build: 1_000 } }));
    await finish(platform)({ release });
    expect(await find()).toMatchObject({
      status: 'succeeded',
      finishedAt: '2026-01-02T03:04:05.000Z',
      durations: { trigger: 0, plan: 250, build: 10_000, deploy: 100 },
    });
    expect(await platform.releases.open()).toEqual([]);
  });

  it('has the parts of the builds that it waited for: of each phase those of the longest', async () => {
    const { platform, release, find } = await running();
    const end = (record: ServiceRecord) => platform.states.endService(release, { status: 'deployed' }, record);
    await end(aRecord('orders', { buildTimes: { provisioning: 4_000, framework: 900 } }));
    await end(aRecord('billing', { durations: { build: 9_000 }, buildTimes: { provisioning: 8_000, upload: 10 } }));
    await end(aRecord('web', { durations: { build: 1_000 }, buildTimes: { provisioning: 500 } }));
    await finish(platform)({ release });
    expect((await find())!.buildTimes).toEqual({ provisioning: 8_500, upload: 10 });
  });

  it('starts the release that waits', async () => {
    const { platform, release } = await running();
    await push(platform)(platform.moved('topic/a', 'event-2'));
    await finish(platform)({ release });
    expect((await platform.releases.latest(DEV, 1))[0]).toMatchObject({ status: 'running' });
    expect(platform.executions.started).toHaveLength(2);
  });

  it('tells the world once, however often it is told itself', async () => {
    const { platform, release } = await running();
    await platform.states.endService(release, { status: 'deployed' }, aRecord('orders'));
    await finish(platform)({ release });
    await finish(platform)(anExecutionEnd(release, 'SUCCEEDED'));
    await finish(platform)({ release });
    expect(platform.events.published.filter(({ status }) => status !== 'running')).toEqual([
      expect.objectContaining({
        releaseId: release.id,
        app: 'shop',
        stage: 'dev',
        commit: COMMIT,
        status: 'succeeded',
        services: [
          expect.objectContaining({ path: 'orders', status: 'deployed', phase: 0 }),
          expect.objectContaining({ path: 'billing', status: 'not-run', phase: 0 }),
          expect.objectContaining({ path: 'web', status: 'not-run', phase: 1 }),
          expect.objectContaining({ path: 'docs', status: 'left-out' }),
        ],
      }),
    ]);
  });

  it('measures a release once, however often it ends', async () => {
    const { platform, release } = await running();
    await finish(platform)({ release, error: { code: 'BuildFailed', message: 'no' } });
    await finish(platform)(anExecutionEnd(release, 'FAILED'));
    expect(platform.metrics.added).toEqual([
      {
        dimensions: DEV,
        values: expect.objectContaining({ ReleasesFailed: 1, ReleasesSucceeded: 0, ServicesLeftOut: 1, QueueTime: 0 }),
      },
    ]);
  });

  it.each([
    [['failed'], false],
    [['failed', 'failed'], true],
    [['failed', 'succeeded', 'failed'], false],
    [['failed', 'aborted', 'failed'], true],
    [['failed', 'succeeded'], false],
  ] as const)('counts a stage that failed twice in a row: %j', async (ends, again) => {
    const { platform } = await running();
    for (const [index, end] of ends.entries()) {
      if (index > 0) await push(platform)(platform.moved('topic/a', `again-${index}`));
      const [latest] = await platform.releases.latest(DEV, 1);
      const status = ({ failed: 'FAILED', succeeded: 'SUCCEEDED', aborted: 'ABORTED' } as const)[end];
      await finish(platform)(anExecutionEnd(latest!.release, status));
    }
    const last = platform.metrics.added.at(-1)!.values;
    expect(last).toEqual(
      again ? { ReleasesFailedAgain: 1 } : expect.objectContaining({ ReleasesFailed: expect.anything() }),
    );
    expect(platform.metrics.added).toHaveLength(ends.length + (again ? 1 : 0));
  });

  it('ends the release and starts the next although nobody can be told, and tells them later', async () => {
    const { platform, release, find } = await running();
    await push(platform)(platform.moved('topic/a', 'event-2'));
    const publish = async () => Promise.reject(new Error('no such bus'));
    await finish({ ...platform, events: { ...platform.events, publish } })({ release });
    expect(await find()).toMatchObject({ status: 'succeeded' });
    expect(platform.executions.started).toHaveLength(2);
    expect(new Set(platform.warnings)).toEqual(new Set(['the state of a release could not be published']));

    await finish(platform)(anExecutionEnd(release, 'SUCCEEDED'));
    expect(platform.events.published.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  });

  it('says which services failed and why', async () => {
    const { platform, release, find } = await running();
    const error = { code: 'PackageFailed', message: 'no such file: src/list.ts' };
    await platform.states.endService(release, { status: 'failed' }, aRecord('orders', { status: 'failed', error }));
    await platform.states.endService(release, { status: 'deployed' }, aRecord('billing'));
    await finish(platform)({ release, error: { Error: 'ServiceFailed', Cause: 'a service of this phase failed' } });
    expect(await find()).toMatchObject({
      status: 'failed',
      error: {
        code: 'ServiceFailed',
        message: 'service "orders": no such file: src/list.ts; did not run, since an earlier phase failed: web',
      },
    });
  });

  it('keeps the error that the plan stopped with', async () => {
    const { platform, release, find } = await running();
    const Cause = JSON.stringify({ errorType: 'NoServiceFound', errorMessage: 'no serverless.yml found' });
    await finish(platform)({ release, error: { Error: 'NoServiceFound', Cause } });
    expect(await find()).toMatchObject({ error: { code: 'NoServiceFound', message: 'no serverless.yml found' } });
  });

  it('marks what an aborted release had begun as failed, and stops its services', async () => {
    const { platform, release, find } = await running();
    await platform.states.endService(release, { status: 'deployed' }, aRecord('orders'));
    await platform.states.beginService(release, 'billing');
    const arn = await platform.serviceExecutions.start(serviceExecutionName(release, 'billing'), {});
    await finish(platform)(anExecutionEnd(release, 'ABORTED', { cause: 'by ada' }));

    const error = { code: 'Aborted', message: 'the execution was stopped: by ada' };
    expect(await find()).toMatchObject({ status: 'aborted', error });
    expect(await platform.serviceExecutions.status(arn)).toBe('aborted');
    expect(await platform.states.list(DEV)).toMatchObject([
      { path: 'billing', status: 'failed' },
      { path: 'orders', status: 'deployed' },
    ]);
    expect((await platform.states.records(release)).find(({ path }) => path === 'billing')).toMatchObject({
      status: 'failed',
      error,
    });
    expect(await platform.states.find(DEV, 'web')).toBeUndefined();
  });

  it.each([
    ['TIMED_OUT', {}, { status: 'failed', error: { code: 'TimedOut' } }],
    [
      'FAILED',
      { error: 'States.Runtime', cause: 'bad path' },
      { status: 'failed', error: { code: 'States.Runtime', message: 'bad path' } },
    ],
    ['SUCCEEDED', {}, { status: 'succeeded' }],
  ])('learns of an execution that ended %s without a call', async (status, more, end) => {
    const { platform, release, find } = await running();
    await finish(platform)(anExecutionEnd(release, status, more));
    expect(await find()).toMatchObject(end);
    expect(await platform.releases.open()).toEqual([]);
  });

  it('lets the first end stand', async () => {
    const { platform, release, find } = await running();
    await finish(platform)({ release, error: { code: 'X', message: 'first' } });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect(await find()).toMatchObject({ status: 'failed', error: { code: 'X', message: 'first' } });
  });

  it('leaves alone what it does not know', async () => {
    const { platform, release } = await running();
    const published = platform.events.published.length;
    expect(await finish(platform)({ release: { ...release, id: '01J00000000000000000000000' } })).toBeUndefined();
    expect(platform.events.published).toHaveLength(published);
  });
});
