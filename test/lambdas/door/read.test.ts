import { reads } from '../../../lambdas/door/read';
import { DOOR_WORKERS } from '../../../lambdas/door/workers';
import { DOOR_CALLS, type DoorOutput } from '../../../lib/core/contracts/door';
import { serviceExecutionName } from '../../../lib/core/contracts/execution-name';
import { memoryApps } from '../../../lib/memory/memory-apps';
import { memoryCodeStorages } from '../../../lib/memory/memory-code-storages';
import { memoryExecutions } from '../../../lib/memory/memory-executions';
import { memoryReleaseBuilds } from '../../../lib/memory/memory-release-builds';
import { memoryReleases } from '../../../lib/memory/memory-releases';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { memoryStages } from '../../../lib/memory/memory-stages';
import { aRelease } from '../../builders';
import { anApp } from '../../memory-platform';

const RELEASE = aRelease();
const STAGE = { app: RELEASE.app, stage: RELEASE.stage };
const NAMED = { ...STAGE, release: RELEASE.id };
const NOW = '2026-01-01T00:00:00.000Z';

/** A platform on which a release runs that has deployed a service. */
async function aPlatform() {
  const releases = memoryReleases();
  const states = memoryServiceStates();
  const stages = memoryStages();
  const builds = memoryReleaseBuilds();
  const executions = memoryExecutions('Release');
  const serviceExecutions = memoryExecutions('ServiceRelease');
  await releases.accept(RELEASE, {});
  await releases.takeLock(RELEASE, NOW);
  await releases.recordExecution(RELEASE, await executions.start('release', RELEASE));
  const record = {
    path: 'orders',
    status: 'deployed',
    planned: [],
    functions: [],
    outputs: {},
    durations: {},
  } as const;
  await states.endService(RELEASE, { status: 'deployed' }, { ...record, planned: [], functions: [] });
  await builds.record(RELEASE, { path: 'orders', task: 'package', buildId: 'b:1', startedAt: NOW });
  await stages.make({
    app: STAGE.app,
    stage: 'pr-1',
    template: STAGE.stage,
    origin: { kind: 'pull-request', number: 1, branch: 'topic' },
    madeAt: NOW,
  });
  const orders = serviceExecutions.arnOf(serviceExecutionName(RELEASE, 'orders'));
  const progress = { entered: async (arn: string) => [{ name: arn === orders ? 'Begin build' : 'Plan', at: 1 }] };
  const storages = memoryCodeStorages();
  const apps = memoryApps([anApp()]);
  return reads({ apps, stages, releases, states, builds, storages, progress, executions, serviceExecutions });
}

describe('reading at the door', () => {
  it('tells of apps and stages, configured and made', async () => {
    const ask = await aPlatform();
    expect(await ask.listApps({})).toEqual({ apps: [STAGE.app] });
    expect(await ask.readApp({ app: STAGE.app })).toMatchObject({ app: STAGE.app });
    expect(await ask.listStages({ app: STAGE.app })).toMatchObject({
      configured: expect.arrayContaining([STAGE.stage]),
      made: [{ stage: 'pr-1' }],
    });
  });

  it('tells how a stage and its releases stand, and what became of services', async () => {
    const ask = await aPlatform();
    expect(await ask.readStage(STAGE)).toMatchObject({ services: [{ path: 'orders', status: 'deployed' }] });
    expect(await ask.listReleases(STAGE)).toMatchObject({
      releases: [{ status: 'running', release: { id: RELEASE.id } }],
    });
    expect(await ask.readRelease(NAMED)).toMatchObject({ status: 'running' });
    expect(await ask.listServices(NAMED)).toMatchObject({ services: [{ path: 'orders' }] });
    expect(await ask.listBuilds(NAMED)).toMatchObject({ builds: [{ buildId: 'b:1' }] });
  });

  it('tells how far a release and its services have come', async () => {
    const ask = await aPlatform();
    expect(await ask.readProgress(NAMED)).toEqual({ status: 'running', entered: [{ name: 'Plan', at: 1 }] });
    expect(await ask.readServiceProgress({ ...NAMED, services: ['orders'] })).toEqual({
      services: [{ path: 'orders', entered: [{ name: 'Begin build', at: 1 }] }],
    });
  });

  it.each([
    ['an app', 'readApp', { app: 'shpo' }, 'AppNotFound'],
    ['a stage', 'readStage', { ...STAGE, stage: 'dve' }, 'StageNotFound'],
    ['the releases of a stage', 'listReleases', { ...STAGE, stage: 'dve' }, 'StageNotFound'],
    ['a release', 'readRelease', { ...NAMED, release: NAMED.release.replace(/.$/, '0') }, 'ReleaseNotFound'],
    ['progress', 'readProgress', { ...NAMED, release: NAMED.release.replace(/.$/, '0') }, 'ReleaseNotFound'],
  ] as const)('says that %s is not there', async (_, call, input, code) => {
    const ask = await aPlatform();
    await expect(ask[call](input)).rejects.toMatchObject({ code });
  });

  it('lists a release that the caller does not understand as what it is', () => {
    const { output } = DOOR_CALLS.listReleases;
    const newer = { release: RELEASE, status: 'a-new-word', more: true };
    expect(output.parse({ releases: [newer] }).releases).toEqual([
      {
        release: { ...STAGE, id: RELEASE.id },
        status: 'unreadable',
        why: expect.stringContaining('upgrade the command line'),
      },
    ]);
    const unreadable = { release: { ...STAGE, id: RELEASE.id }, status: 'unreadable', why: 'it is damaged' };
    expect(output.parse({ releases: [unreadable] }).releases).toEqual([unreadable]);
  });

  it('answers in the form that callers read', async () => {
    const ask = await aPlatform();
    const inputs = { ...NAMED, limit: 5, services: ['orders'] };
    for (const name of DOOR_WORKERS.read.calls) {
      const input = Object.fromEntries(Object.entries(inputs).filter(([key]) => key in DOOR_CALLS[name].input.shape));
      const output: DoorOutput<typeof name> = await ask[name](input);
      expect([name, DOOR_CALLS[name].output.safeParse(JSON.parse(JSON.stringify(output))).error]).toEqual([
        name,
        undefined,
      ]);
    }
  });
});
