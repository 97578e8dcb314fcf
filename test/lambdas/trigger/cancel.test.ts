import { finish } from '../../../lambdas/record/finish';
import { cancel } from '../../../lambdas/trigger/cancel';
import { push } from '../../../lambdas/trigger/push';
import { serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import { manifestKey } from '../../../lib/core/contracts/keys';
import type { Release } from '../../../lib/core/contracts/release';
import { operationToken } from '../../../lib/core/contracts/stack-event';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { runRelease } from '../../../lib/release/queue/start-next';
import { aManifest, aRelease, COMMIT } from '../../builders';
import { anExecutionEnd, aPush, memoryPlatform } from '../../memory-platform';

const DEV = { app: 'shop', stage: 'dev' };
const planned = (path: string) => ({ path, reasons: [] });
const deployed = (path: string): ServiceRecord => ({
  path,
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
});

/** A release that runs. */
async function running() {
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  await push(platform)(aPush('topic/a'));
  const [record] = await platform.releases.latest(DEV, 1);
  const release = record!.release as Release;
  return { platform, release, find: () => platform.releases.find(release), ask: cancel(platform) };
}

/** A release whose plan is made. */
async function deploying(...paths: readonly string[]) {
  const world = await running();
  await world.platform.releases.recordPlan(world.release, { phases: [paths.map(planned)], skip: [] }, '2026-01-02');
  return world;
}

describe('cancelling a release that runs', () => {
  it('stops its execution, and its end says who did', async () => {
    const { platform, release, find, ask } = await running();
    expect(await ask({ ...DEV, by: 'ada' })).toEqual({ releaseId: release.id, was: 'running' });
    expect(await platform.executions.status((await find())!.executionArn!)).toBe('aborted');
    await finish(platform)(anExecutionEnd(release, 'ABORTED', { error: 'Cancelled', cause: 'cancelled by ada' }));
    expect(await find()).toMatchObject({
      status: 'aborted',
      error: { code: 'Cancelled', message: 'cancelled by ada; nothing was begun' },
    });
    expect(await platform.releases.open()).toEqual([]);
  });

  it('starts the one that waits, as every end does', async () => {
    const { platform, release, ask } = await running();
    await push(platform)(platform.moved('topic/a', 'event-2'));
    await ask({ ...DEV });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect((await platform.releases.latest(DEV, 1))[0]).toMatchObject({ status: 'running' });
  });

  it('says what is left of each service', async () => {
    const { platform, release, find, ask } = await deploying('orders', 'billing', 'web', 'docs');
    await platform.states.endService(release, { status: 'deployed' }, deployed('orders'));
    await platform.artifacts.writeJson(
      manifestKey(release, 'billing', release.id),
      aManifest(
        {},
        { service: 'billing', releaseId: release.id, template: 'packages/shop/dev/billing/x/template.json' },
      ),
    );
    await platform.states.beginService(release, 'billing');
    await ask({ ...DEV, by: 'ada' });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect((await find())!.error!.message).toBe(
      'cancelled by ada; already deployed, stays: "orders"; put back: "billing"; not begun: "web", "docs"',
    );
    expect(await platform.states.records(release)).toContainEqual(
      expect.objectContaining({ path: 'billing', error: { code: 'Cancelled', message: 'cancelled by ada; put back' } }),
    );
  });

  it('stops its builds, and also one that a worker had just been starting', async () => {
    const { platform, release, ask } = await deploying('orders', 'web', 'docs');
    const build = (path: string, buildId: string) => ({ path, task: 'package' as const, buildId, startedAt: '2026' });
    await platform.states.endService(release, { status: 'deployed' }, deployed('docs'));
    await platform.releaseBuilds.record(release, build('docs', 'seedbed:1'));
    await platform.releaseBuilds.record(release, build('orders', 'seedbed:2'));
    const arn = await platform.serviceExecutions.start(serviceExecutionName(release, 'orders'), {});
    const sleep = async () => platform.releaseBuilds.record(release, build('web', 'seedbed:3'));
    await ask({ ...DEV });
    await finish({ ...platform, pace: { ...platform.pace, sleep } })(anExecutionEnd(release, 'ABORTED'));
    expect(platform.stoppedBuilds).toEqual(['seedbed:2', 'seedbed:3']);
    expect(await platform.serviceExecutions.status(arn)).toBe('aborted');
  });

  it('ends all the same if a build cannot be stopped', async () => {
    const { platform, release, find, ask } = await deploying('orders');
    const build = { path: 'orders', task: 'package' as const, buildId: 'seedbed:1', startedAt: '2026' };
    await platform.releaseBuilds.record(release, build);
    await ask({ ...DEV });
    const builds = { stop: async () => Promise.reject(new Error('no')) };
    await finish({ ...platform, builds })(anExecutionEnd(release, 'ABORTED'));
    expect(await find()).toMatchObject({ status: 'aborted' });
    expect(platform.warnings).toContain('a build could not be stopped');
  });

  it('leaves no execution to begin later, if the worker that was to start it has died', async () => {
    const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
    const start = async () => Promise.reject(new Error('died'));
    await expect(
      push({ ...platform, executions: { ...platform.executions, start } })(aPush('topic/a')),
    ).rejects.toThrow();
    expect(await cancel(platform)({ ...DEV })).toMatchObject({ was: 'running' });
    expect(platform.executions.started).toHaveLength(1);
    expect(await platform.executions.status(platform.executions.started[0]!.arn)).toBe('aborted');
  });

  it('asked for twice is cancelled once', async () => {
    const { platform, release, ask } = await running();
    await ask({ ...DEV, by: 'ada' });
    expect(await ask({ ...DEV, by: 'ada' })).toMatchObject({ was: 'running' });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    expect(await ask({ ...DEV, releaseId: release.id })).toEqual({ releaseId: release.id, was: 'running' });
    await expect(ask({ ...DEV })).rejects.toMatchObject({ code: 'NothingToCancel' });
  });

  it('tells the truth if the release has ended by itself just before', async () => {
    const { platform, release, find, ask } = await running();
    platform.executions.finish((await find())!.executionArn!, 'succeeded');
    await expect(ask({ ...DEV })).rejects.toMatchObject({
      code: 'NothingToCancel',
      message: expect.stringMatching(/release \w+ has ended \(succeeded\)/),
    });
    await finish(platform)({ release });
    expect(await find()).toMatchObject({ status: 'succeeded' });
  });
});

describe('what a stack is at when its release is cancelled', () => {
  /** @returns what the end says of a service whose stack was being created or updated. */
  const endWith = async (status: string, kind: 'create' | 'update' = 'update', token?: string) => {
    const { platform, release, find, ask } = await deploying('orders');
    const { stacks } = platform.inTarget;
    await platform.artifacts.writeJson(
      manifestKey(release, 'orders', release.id),
      aManifest({}, { releaseId: release.id }),
    );
    await platform.artifacts.writeJson('template', { Resources: { A: { Type: 'AWS::SQS::Queue' } } });
    await stacks.create({
      name: 'orders-dev',
      template: 'template',
      executionRoleArn: 'arn',
      tags: {},
      token: token ?? operationToken(release, kind),
    });
    stacks.set('orders-dev', { status });
    await platform.states.beginService(release, 'orders');
    await ask({ ...DEV });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    return { message: (await find())!.error!.message, status: (await stacks.describe('orders-dev'))!.status };
  };

  it('is given up if it is an update of the release', async () => {
    expect(await endWith('UPDATE_IN_PROGRESS')).toEqual({
      message: 'cancelled; its stack is still rolling back; the next release waits for it: "orders"',
      status: 'UPDATE_ROLLBACK_IN_PROGRESS',
    });
  });

  it.each([
    ['an update that somebody else began', 'UPDATE_IN_PROGRESS', 'by-hand'],
    ['a creation, which cannot be given up', 'CREATE_IN_PROGRESS', undefined],
  ])('goes on if it is %s', async (_, status, token) => {
    const end = await endWith(status, 'create', token);
    expect(end.message).toMatch(/its stack is still being changed and goes on/);
    expect(end.status).toBe(status);
  });

  it('stays if it was done already', async () => {
    expect((await endWith('UPDATE_COMPLETE')).message).toMatch(/its stack stays updated: "orders"/);
    expect((await endWith('UPDATE_ROLLBACK_COMPLETE')).message).toBe('cancelled; put back: "orders"');
    expect((await endWith('UPDATE_COMPLETE', 'create', 'earlier')).message).toBe('cancelled; put back: "orders"');
  });
});

describe('cancelling a release that is no push', () => {
  /** A release of another kind that runs, with a service that it has begun and one that it has not. */
  const begun = async (more: Partial<Release>) => {
    const platform = memoryPlatform();
    const release = aRelease({ stage: 'dev', ...more });
    await platform.releases.accept(release, {});
    await runRelease(platform, release);
    await platform.releases.recordPlan(release, { phases: [[planned('web')], [planned('db')]], skip: [] }, '2026');
    await platform.states.beginService(release, 'web');
    expect(await cancel(platform)({ ...DEV })).toMatchObject({ was: 'running' });
    await finish(platform)(anExecutionEnd(release, 'ABORTED'));
    return { platform, record: await platform.releases.find(release) };
  };

  it('leaves a stage half removed, to be removed again', async () => {
    const { platform, record } = await begun({ remove: { emptyBuckets: false }, trigger: { type: 'remove', id: 'r' } });
    expect(record).toMatchObject({
      status: 'aborted',
      error: { message: 'cancelled; its removal had begun; remove the stage again: "web"; not begun: "db"' },
    });
    expect(platform.warnings).toEqual([]);
    expect(await platform.releases.open()).toEqual([]);
  });

  it('ends a rollback in the same way', async () => {
    const { record } = await begun({
      rollback: { to: '01HZZZZZZZZZZZZZZZZZZZZZZA' },
      trigger: { type: 'rollback', id: 'r' },
    });
    expect(record).toMatchObject({ status: 'aborted', error: { code: 'Cancelled' } });
  });
});

describe('cancelling a release that waits', () => {
  it('ends it at once, tells so, and leaves the one that runs alone', async () => {
    const { platform, release, find, ask } = await running();
    await push(platform)(platform.moved('topic/a', 'event-2'));
    const [waiting] = await platform.releases.latest(DEV, 1);
    const releaseId = waiting!.release.id;
    for (const _ of ['once', 'twice']) {
      expect(await ask({ ...DEV, releaseId, by: 'ada' })).toEqual({ releaseId, was: 'waiting' });
    }
    expect(await platform.releases.find(waiting!.release)).toMatchObject({
      status: 'aborted',
      error: { code: 'Cancelled', message: 'cancelled by ada' },
    });
    const ends = platform.events.published.filter(({ status }) => status === 'aborted');
    expect(ends).toMatchObject([{ releaseId }]);
    expect(await find()).toMatchObject({ status: 'running' });
    await finish(platform)({ release });
    expect(platform.executions.started).toHaveLength(1);
  });
});

describe('there is nothing to cancel', () => {
  it('when the last release has ended, and it is named', async () => {
    const { platform, release, ask } = await running();
    await finish(platform)({ release });
    await expect(ask({ ...DEV })).rejects.toMatchObject({
      code: 'NothingToCancel',
      message:
        `there is nothing to cancel in stage "dev" of "shop": release ${release.id} has ended ` +
        '(succeeded at 2026-01-02T03:04:05.000Z)',
    });
  });

  it('when nothing was ever released', async () => {
    const ask = cancel(memoryPlatform());
    await expect(ask({ ...DEV })).rejects.toMatchObject({ code: 'NothingToCancel' });
    await expect(ask({ ...DEV, stage: 'qa' })).rejects.toMatchObject({ code: 'StageNotFound' });
    await expect(ask({ ...DEV, app: 'nope' })).rejects.toMatchObject({ code: 'AppNotFound' });
  });

  it('when the stage has no such release', async () => {
    const { ask, release } = await running();
    await expect(ask({ ...DEV, releaseId: '01J00000000000000000000000' })).rejects.toMatchObject({
      code: 'ReleaseNotFound',
      message: expect.stringContaining(`the last one is ${release.id}`),
    });
  });
});
