import { hold, resume } from '../../../lambdas/trigger/hold';
import type { Hold } from '../../../lib/core/contracts/state';
import { heldAfter } from '../../../lib/core/rollback/held-after';
import { aRelease } from '../../builders';
import { aStage } from './a-stage';

const A = { code: 'A' };
const STAGE = { app: 'shop', stage: 'dev' };

/** What is held, by path. */
const heldIn = async (stage: ReturnType<typeof aStage>): Promise<Record<string, Hold | undefined>> =>
  Object.fromEntries((await stage.states.list(STAGE)).map(({ path, held }) => [path, held]));

describe('a hold', () => {
  it('is of all that the stage has, or of one service, with who asked for it and why', async () => {
    const stage = aStage();
    const { commit } = await stage.release({ orders: A, mail: A });
    const one = await hold(stage)({ ...STAGE, service: 'mail', why: ' for the table ', by: 'ada' });
    const held = { commit, at: expect.stringMatching(/^20/), why: 'for the table', by: 'ada' };
    expect(one).toEqual({ services: [{ path: 'mail', held }] });
    expect(await heldIn(stage)).toEqual({ mail: held, orders: undefined });
    await hold(stage)({ ...STAGE, why: 'all' });
    expect(await heldIn(stage)).toMatchObject({ mail: { why: 'all' }, orders: { why: 'all' } });
    expect((await resume(stage)({ ...STAGE, service: 'orders' })).services).toMatchObject([{ path: 'orders' }]);
    expect(await heldIn(stage)).toMatchObject({ mail: { why: 'all' }, orders: undefined });
    expect((await resume(stage)(STAGE)).services).toMatchObject([{ path: 'mail', held: { why: 'all' } }]);
    expect((await resume(stage)(STAGE)).services).toEqual([]);
  });

  it('tells of the release that runs, which was planned before', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    const running = await stage.begin();
    expect(await hold(stage)({ ...STAGE, why: 'wait' })).toMatchObject({ running: running.id });
  });

  it.each([
    [{ service: 'ordres' }, 'the stage has no service "ordres"; did you mean "orders"?'],
    [{ why: '  ' }, 'say why'],
  ])('is refused with what to do: %j', async (more, message) => {
    const stage = aStage();
    await stage.release({ orders: A });
    await expect(hold(stage)({ ...STAGE, why: 'wait', ...more })).rejects.toThrow(message);
    expect(await heldIn(stage)).toEqual({ orders: undefined });
  });

  it('of a stage in which nothing is deployed is refused', async () => {
    await expect(hold(aStage())({ ...STAGE, why: 'wait' })).rejects.toMatchObject({
      code: 'ServiceNotFound',
      message: expect.stringContaining('nothing is deployed in stage "dev" of "shop"'),
    });
  });
});

describe('a rollback', () => {
  it('holds what it brings back, at the newest commit that the stage was asked for', async () => {
    const stage = aStage();
    await stage.release({ orders: A, mail: A });
    const bad = await stage.release({ orders: { code: 'B' } });
    const { started } = await stage.rollBack();
    const { release } = (await stage.record(started!.releaseId))!;
    expect(release.rollback).toMatchObject({ from: bad.commit });
    for (const { service } of (await stage.plan(release)).phases.flat()) {
      expect((await stage.releaseService(release, service.path, { functions: {} })).status).toBe('SUCCEEDED');
    }
    expect(await heldIn(stage)).toEqual({
      mail: undefined,
      orders: {
        commit: bad.commit,
        at: release.requestedAt,
        why: `rolled back by ada to release ${release.rollback!.to}`,
        by: 'ada',
        rollback: release.id,
      },
    });
  });

  it('of an older version of the platform holds nothing', () => {
    expect(heldAfter(aRelease({ rollback: { to: aRelease().id } }))).toBeUndefined();
    expect(heldAfter(aRelease())).toBeUndefined();
  });
});
