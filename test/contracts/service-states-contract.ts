import { randomBytes } from 'node:crypto';
import type { Release } from '../../lib/core/contracts/release';
import type { ServiceRecord } from '../../lib/core/contracts/state';
import type { ServiceStates } from '../../lib/ports/service-states';
import { aRelease } from '../builders';

const aServiceRecord = (more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path: 'orders',
  status: 'deployed',
  planned: [],
  outputs: { Url: 'https://example.com' },
  functions: [{ logicalId: 'List', name: 'orders-list', updated: true, version: '3' }],
  durations: { build: 1_000 },
  ...more,
});

/** What every adapter of the port ServiceStates does. */
export function serviceStatesContract(make: () => ServiceStates): void {
  let states: ServiceStates;
  let older: Release;
  let newer: Release;

  beforeEach(() => {
    states = make();
    const app = `app-${randomBytes(6).toString('hex')}`;
    older = aRelease({ app, id: '01HZZZZZZZZZZZZZZZZZZZZZZA' });
    newer = aRelease({ app, id: '01HZZZZZZZZZZZZZZZZZZZZZZB' });
  });
  const deployed = {
    status: 'deployed',
    commit: 'c1',
    deployedPackage: 'deployed.json',
    stackName: 'orders-dev',
  } as const;

  it('knows nothing of a service that was never touched', async () => {
    expect(await states.find(older, 'orders')).toBeUndefined();
    expect(await states.list(older)).toEqual([]);
    expect(await states.records(older)).toEqual([]);
  });

  it('marks a new service as deploying', async () => {
    await states.beginService(older, 'orders', { stackName: 'orders-dev' });
    expect(await states.find(older, 'orders')).toEqual({
      path: 'orders',
      status: 'deploying',
      releaseId: older.id,
      stackName: 'orders-dev',
    });
  });

  it('keeps what was deployed while the next release deploys', async () => {
    await states.endService(older, deployed, aServiceRecord());
    await states.beginService(newer, 'orders');
    expect(await states.find(newer, 'orders')).toEqual({
      ...deployed,
      path: 'orders',
      status: 'deploying',
      releaseId: newer.id,
    });
  });

  it('holds a service that is there until just this hold ends, whatever is deployed meanwhile', async () => {
    const held = { commit: 'c'.repeat(40), at: '2026-01-02T03:04:05.678Z', why: 'wait', by: 'ada' };
    expect(await states.hold(older, 'orders', held)).toBe(false);
    expect(await states.find(older, 'orders')).toBeUndefined();
    await states.endService(older, deployed, aServiceRecord());
    expect(await states.hold(older, 'orders', held)).toBe(true);
    await states.beginService(newer, 'orders');
    await states.endService(newer, deployed, aServiceRecord());
    expect(await states.find(older, 'orders')).toMatchObject({ releaseId: newer.id, held });
    const later = { ...held, at: '2026-01-02T03:04:06.000Z' };
    await states.hold(older, 'orders', later);
    await states.endHold(older, 'orders', held);
    expect(await states.find(older, 'orders')).toMatchObject({ held: later });
    await states.endHold(older, 'orders', later);
    await states.endHold(older, 'orders', later);
    expect(await states.find(older, 'orders')).toEqual({ ...deployed, path: 'orders', releaseId: newer.id });
    await states.endHold(older, 'never there', later);
    expect(await states.find(older, 'never there')).toBeUndefined();
  });

  it('keeps with the mark of a release what it decided on, also when the service has ended', async () => {
    const decidedOn = { releaseId: newer.id, manifestSha256: 'a'.repeat(64) };
    await states.beginService(newer, 'orders', { decidedOn });
    expect(await states.find(newer, 'orders')).toMatchObject({ status: 'deploying', decidedOn });
    await states.endService(newer, { status: 'failed' }, aServiceRecord({ status: 'failed' }));
    expect(await states.find(newer, 'orders')).toMatchObject({ status: 'failed', decidedOn });
  });

  it('keeps with the mark of a release what the release had found', async () => {
    const found = { status: 'failed', releaseId: older.id } as const;
    await states.endService(older, { status: 'failed' }, aServiceRecord({ status: 'failed' }));
    await states.beginService(newer, 'orders', { found });
    await states.beginService(newer, 'orders', { found });
    expect(await states.find(newer, 'orders')).toEqual({
      path: 'orders',
      status: 'deploying',
      releaseId: newer.id,
      found,
    });
  });

  it('writes state and record of a service at once', async () => {
    await states.endService(older, deployed, aServiceRecord());
    expect(await states.find(older, 'orders')).toEqual({ path: 'orders', releaseId: older.id, ...deployed });
    expect(await states.records(older)).toEqual([aServiceRecord()]);
  });

  it('keeps the last deployed commit and package when a release fails', async () => {
    await states.endService(older, deployed, aServiceRecord());
    await states.endService(newer, { status: 'failed' }, aServiceRecord({ status: 'failed' }));
    expect(await states.find(newer, 'orders')).toEqual({
      ...deployed,
      path: 'orders',
      status: 'failed',
      releaseId: newer.id,
    });
  });

  describe('tells what was deployed when a release had ended:', () => {
    const at = (release: Release, path = 'orders') => states.deployedAt(release, path, release.id);
    const then = (release: Release, more = {}) => ({ path: 'orders', releaseId: release.id, ...left, ...more });
    const { status: _, ...left } = deployed;

    it('nothing, before the service was deployed', async () => {
      expect(await at(older)).toBeUndefined();
      await states.beginService(older, 'orders', { stackName: 'orders-dev' });
      await states.endService(newer, deployed, aServiceRecord());
      expect(await at(older)).toBeUndefined();
    });

    it('what that release deployed, whatever newer ones did', async () => {
      await states.endService(older, deployed, aServiceRecord());
      await states.endService(newer, { ...deployed, commit: 'c2', deployedPackage: 'newer.json' }, aServiceRecord());
      expect(await at(older)).toEqual(then(older));
      expect(await at(newer)).toEqual(then(newer, { commit: 'c2', deployedPackage: 'newer.json' }));
    });

    it('what one before it deployed, if that release failed or found nothing to deploy', async () => {
      await states.endService(older, deployed, aServiceRecord());
      await states.endService(newer, { status: 'failed' }, aServiceRecord({ status: 'failed' }));
      expect(await at(newer)).toEqual(then(older));
      await states.endService(newer, { status: 'deployed', commit: 'c2' }, aServiceRecord({ status: 'skipped' }));
      expect(await at(newer)).toEqual(then(older));
    });

    it('of each service by itself, though its path begins with that of another', async () => {
      const paths = ['orders', 'orders/api', 'orders#0', 'orders-2'];
      for (const path of paths) {
        await states.endService(older, { ...deployed, deployedPackage: path }, aServiceRecord({ path }));
      }
      for (const path of paths) {
        expect(await at(newer, path)).toEqual(then(older, { path, deployedPackage: path }));
      }
      expect(await at(newer, 'orders/')).toBeUndefined();
      expect(await states.deployedAt({ ...newer, stage: 'prod' }, 'orders', newer.id)).toBeUndefined();
    });

    it('the last deployments of a service, newest first, however many are asked for', async () => {
      await states.endService(older, deployed, aServiceRecord());
      await states.endService(newer, { ...deployed, commit: 'c2' }, aServiceRecord());
      expect(await states.lastDeployed(older, 'orders', 5)).toEqual([then(newer, { commit: 'c2' }), then(older)]);
      expect(await states.lastDeployed(older, 'orders', 1)).toEqual([then(newer, { commit: 'c2' })]);
      expect(await states.lastDeployed(older, 'order', 5)).toEqual([]);
    });

    it('nothing of a release that was refused', async () => {
      await states.beginService(newer, 'orders');
      await expect(states.endService(older, deployed, aServiceRecord())).rejects.toThrow();
      expect(await at(newer)).toBeUndefined();
    });
  });

  it('refuses an older release once a newer one has written', async () => {
    await states.beginService(newer, 'orders');
    const refused = { code: 'ReleaseSuperseded', message: expect.stringContaining('"orders"') };
    await expect(states.beginService(older, 'orders')).rejects.toMatchObject(refused);
    await expect(states.endService(older, deployed, aServiceRecord())).rejects.toMatchObject(refused);
    expect(await states.find(newer, 'orders')).toEqual({ path: 'orders', status: 'deploying', releaseId: newer.id });
    expect(await states.records(older)).toEqual([]);
  });

  it('lets a release write again', async () => {
    await states.beginService(older, 'orders');
    await states.beginService(older, 'orders');
    await states.endService(older, { status: 'failed' }, aServiceRecord({ status: 'failed' }));
    await states.endService(older, deployed, aServiceRecord());
    expect(await states.find(older, 'orders')).toMatchObject(deployed);
    expect(await states.records(older)).toEqual([aServiceRecord()]);
  });

  it('takes nothing more of a release that was closed, and all of the next one', async () => {
    await states.endService({ ...older, id: '01HZZZZZZZZZZZZZZZZZZZZZZ9' }, deployed, aServiceRecord());
    await states.beginService(older, 'orders');
    const failed = aServiceRecord({ status: 'failed', outputs: {} });
    await states.closeService(older, failed);
    await states.closeService(older, failed);
    expect(await states.find(older, 'orders')).toMatchObject({ ...deployed, status: 'failed', releaseId: older.id });
    const late = { code: 'ReleaseSuperseded', message: expect.stringContaining('"orders"') };
    await expect(states.endService(older, deployed, aServiceRecord())).rejects.toMatchObject(late);
    await expect(states.beginService(older, 'orders')).rejects.toMatchObject(late);
    await expect(states.forgetService(older, aServiceRecord())).rejects.toMatchObject(late);
    expect(await states.records(older)).toEqual([failed]);
    expect(await states.find(older, 'orders')).toMatchObject({ status: 'failed' });

    await states.beginService(newer, 'orders');
    await states.endService(newer, deployed, aServiceRecord());
    expect(await states.find(newer, 'orders')).toMatchObject({ status: 'deployed', releaseId: newer.id });
    await expect(states.closeService(older, failed)).rejects.toMatchObject(late);
  });

  it('fences each service by itself', async () => {
    await states.beginService(newer, 'orders');
    await states.beginService(older, 'billing');
    expect(await states.find(older, 'billing')).toMatchObject({ releaseId: older.id });
  });

  it('lists the services of a stage and the records of a release by path', async () => {
    for (const path of ['orders', '.', 'orders/api']) {
      await states.endService(older, deployed, aServiceRecord({ path }));
    }
    await states.endService(newer, deployed, aServiceRecord({ path: 'billing' }));
    await states.beginService({ ...older, stage: 'prod' }, 'elsewhere');
    expect((await states.list(older)).map(({ path }) => path)).toEqual(['.', 'billing', 'orders', 'orders/api']);
    expect((await states.records(older)).map(({ path }) => path)).toEqual(['.', 'orders', 'orders/api']);
  });
}
