import { finish } from '../../../lambdas/record/finish';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { runRelease } from '../../../lib/release/queue/start-next';
import { aRelease } from '../../builders';
import { memoryPlatform } from '../../memory-platform';

const STAGE = { app: 'shop', stage: 'pr-12' };
const OWN = '/seedbed/env/shop/dev/made/pr-12/GREETING';
const TEMPLATES = '/seedbed/env/shop/dev/GREETING';
const ASKED = '2026-01-02T03:00:00.000Z';
const planned = (path: string) => ({ path, reasons: [] });
const aRecord = (path: string, more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path,
  status: 'removed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  ...more,
});

/** A removal that runs: `web` first, then `api`, at last `db`. */
async function removing(more: Partial<Release> = {}) {
  const platform = memoryPlatform();
  const origin = { kind: 'pull-request', number: 12, branch: 'topic' } as const;
  const made = { ...STAGE, template: 'dev', origin, madeAt: ASKED };
  await platform.stages.make(made);
  await platform.stages.change(STAGE, { removeAskedAt: ASKED });
  for (const name of [OWN, TEMPLATES]) platform.environments.parameters.add(name);
  const start = async (release: Release) => {
    await platform.releases.accept(release, await platform.releases.queue(release));
    await runRelease(platform, release);
  };
  const release = aRelease({
    ...STAGE,
    template: 'dev',
    pullRequest: { number: 12 },
    remove: { emptyBuckets: true },
    trigger: { type: 'remove', id: 'event-1' },
    ...more,
  });
  await start(release);
  const plan = { phases: [[planned('web')], [planned('api')], [planned('db')]], skip: [] };
  await platform.releases.recordPlan(release, plan, ASKED);
  return { platform, release, made, start, find: () => platform.stages.find(STAGE) };
}

describe('the end of a removal', () => {
  it('forgets the made stage and the variables that were its own', async () => {
    const { platform, release, find } = await removing();
    await finish(platform)({ release });
    expect(await find()).toBeUndefined();
    expect([...platform.environments.parameters]).toEqual([TEMPLATES]);
  });

  it('comes to the same if it is told twice', async () => {
    const { platform, release, find } = await removing();
    const dying = { ...platform, environments: { remove: () => Promise.reject(new Error('worker died')) } };
    await expect(finish(dying)({ release })).rejects.toThrow('worker died');
    await finish(platform)({ release });
    expect(await find()).toBeUndefined();
    expect([...platform.environments.parameters]).toEqual([TEMPLATES]);
  });

  it('keeps the stage if its pull request was reopened meanwhile', async () => {
    const { platform, release, made, find } = await removing();
    await platform.stages.make(made);
    await finish(platform)({ release });
    expect(await find()).toEqual(made);
    expect(platform.environments.parameters.size).toBe(2);
  });

  it('keeps the stage if a newer release waits for it', async () => {
    const { platform, release, find, start } = await removing();
    const newer = aRelease({
      ...STAGE,
      id: '01J00000000000000000000000',
      template: 'dev',
      trigger: { type: 'push', id: '2' },
    });
    await start(newer);
    await finish(platform)({ release });
    expect(await find()).toBeDefined();
    expect((await platform.releases.find(newer))?.status).toBe('running');
    await finish(platform)({ release });
    expect(await find()).toBeDefined();
  });

  it('keeps the variables of a configured stage', async () => {
    const { platform, release } = await removing({ template: undefined });
    platform.environments.parameters.add('/seedbed/env/shop/pr-12/GREETING');
    await finish(platform)({ release });
    expect(platform.environments.parameters.size).toBe(3);
  });

  it('keeps the stage if the removal failed, and says what is left', async () => {
    const { platform, release, find } = await removing();
    await platform.states.forgetService(release, aRecord('web'));
    const error = { code: 'StageRemovalIncomplete', message: 'bucket "uploads" holds 3 objects' };
    await platform.states.endService(release, { status: 'failed' }, aRecord('api', { status: 'failed', error }));
    await finish(platform)({ release, error: { Error: 'ServiceFailed', Cause: 'a service of this phase failed' } });
    const record = await platform.releases.find(release);
    expect(record).toMatchObject({ status: 'failed', error: { code: 'ServiceFailed' } });
    expect(record?.error?.message).toMatch(/^service "api": bucket "uploads" holds 3 objects; /);
    expect(record?.error?.message).toMatch(/; not removed: "api", "db"; fix what is named and remove the stage again$/);
    expect(await find()).toBeDefined();
    expect(platform.environments.parameters.size).toBe(2);
  });

  it('leaves a service whose removal was stopped to be removed again, and puts nothing back', async () => {
    const { platform, release } = await removing();
    await platform.states.beginService(release, 'web', { stackName: 'web-pr-12' });
    await finish(platform)({ release, error: { code: 'TimedOut', message: 'the execution ran longer than it may' } });
    expect(await platform.states.find(STAGE, 'web')).toMatchObject({ status: 'failed', stackName: 'web-pr-12' });
    expect(platform.warnings).toEqual([]);
  });
});
