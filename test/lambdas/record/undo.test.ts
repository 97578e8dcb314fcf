import { finish } from '../../../lambdas/record/finish';
import { sweep } from '../../../lambdas/record/sweep';
import { push } from '../../../lambdas/trigger/push';
import { applicationName } from '../../../lib/core/contracts/code-deploy-names';
import { deployedPackageKey, manifestKey } from '../../../lib/core/contracts/keys';
import type { Release } from '../../../lib/core/contracts/release';
import { HOOK_MOMENTS } from '../../../lib/core/contracts/started-shift';
import { describeShift } from '../../../lib/core/shift/description';
import { aCodeSha256, aDeployedPackage, aManifest, COMMIT } from '../../builders';
import { anExecutionEnd, aPush, memoryPlatform } from '../../memory-platform';
import { publishReady } from '../../publish-ready';

const DEV = { app: 'shop', stage: 'dev' };
const APPLICATION = applicationName(DEV, 'orders');
const NAME = 'orders-dev-List';

/** A release in the middle of a shift: version 1 serves, a tenth of the traffic goes to version 2. */
async function shifting() {
  const platform = memoryPlatform({ branches: { 'topic/a': COMMIT } });
  const { artifacts, inTarget, states } = platform;
  await push(platform)(aPush('topic/a'));
  const release = (await platform.releases.latest(DEV, 1))[0]!.release as Release;
  const planned = { path: 'orders', reasons: [] };
  await platform.releases.recordPlan(release, { phases: [[planned]], skip: [] }, '2026-01-02T03:04:05.250Z');

  const before = aManifest({ List: 'A' }, { releaseId: '01HZZZZZZZZZZZZZZZZZZZZZZA' });
  const key = deployedPackageKey(DEV, 'orders', before.releaseId);
  await artifacts.writeJson(key, aDeployedPackage(before));
  await artifacts.writeJson(
    manifestKey(release, 'orders', release.id),
    aManifest({ List: 'B' }, { releaseId: release.id }),
  );
  await states.endService(
    { ...DEV, id: before.releaseId },
    { status: 'deployed', commit: 'a', deployedPackage: key },
    { path: 'orders', status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
  );
  await states.beginService(release, 'orders');

  const { functions, shifts } = inTarget;
  for (const code of ['A', 'B']) {
    functions.put(NAME, { codeSha256: aCodeSha256(code) });
    await publishReady(functions, NAME, aCodeSha256(code));
  }
  await functions.moveAlias(NAME, { alias: 'live', version: '1' });
  await shifts.ensureGroups(APPLICATION, [
    { group: 'List', shift: { kind: 'canary', percent: 10, minutes: 5 }, alarms: [], triggers: [], roleArn: 'arn' },
  ]);
  /** Starts a deployment and lets it move its first traffic. */
  const start = async (id: string, description?: string) => {
    await shifts.start(APPLICATION, {
      group: 'List',
      functionName: NAME,
      alias: 'live',
      currentVersion: '1',
      targetVersion: '2',
      hooks: HOOK_MOMENTS,
      description: description ?? describeShift({ release: { ...release, id }, service: 'orders', logicalId: 'List' }),
    });
    for (const call of shifts.calls()) await shifts.reportHook({ ...call, status: 'Succeeded' });
    expect(await functions.alias(NAME, 'live')).toEqual({ version: '1', weights: { 2: 0.1 } });
  };
  return { platform, release, start, alias: () => functions.alias(NAME, 'live'), open: () => shifts.open(APPLICATION) };
}

it('stops CodeDeploy and makes aliases whole when a person aborts a release that shifts', async () => {
  const { platform, release, start, alias, open } = await shifting();
  await start(release.id);
  await finish(platform)(anExecutionEnd(release, 'ABORTED'));
  expect(await open()).toEqual([]);
  expect(await alias()).toEqual({ version: '1', weights: {} });
  expect(await platform.states.find(DEV, 'orders')).toMatchObject({ status: 'failed', commit: 'a' });
  expect(await platform.releases.find(release)).toMatchObject({ status: 'aborted' });
});

it('makes an alias whole that no deployment accounts for any more', async () => {
  const { platform, release, alias } = await shifting();
  platform.inTarget.functions.all.get(NAME)!.weights.live = { 2: 0.1 };
  await finish(platform)(anExecutionEnd(release, 'TIMED_OUT'));
  expect(await alias()).toEqual({ version: '1', weights: {} });
});

it('frees the lock even if a service cannot be undone', async () => {
  const { platform, release } = await shifting();
  await platform.artifacts.objects.delete(manifestKey(release, 'orders', release.id));
  await finish(platform)(anExecutionEnd(release, 'ABORTED'));
  expect(platform.warnings).toContain('a service could not be undone');
  expect(await platform.releases.find(release)).toMatchObject({ status: 'aborted' });
  expect(await platform.releases.open()).toEqual([]);
});

it('keeps the lock while CodeDeploy still stops, and ends the release when it is done', async () => {
  const { platform, release, start } = await shifting();
  await start(release.id);
  const { shifts } = platform.inTarget;
  const stuck = { ...shifts, stop: async () => {} };
  const busy = { ...platform, target: () => ({ ...platform.target(release.target), shifts: stuck }) };
  await expect(finish(busy)(anExecutionEnd(release, 'ABORTED'))).rejects.toMatchObject({ code: 'ShiftBusy' });
  expect(await platform.releases.find(release)).toMatchObject({ status: 'running' });
  await finish(platform)(anExecutionEnd(release, 'ABORTED'));
  expect(await platform.releases.find(release)).toMatchObject({ status: 'aborted' });
});

describe('the sweep', () => {
  it('stops a deployment whose release has ended, and no other', async () => {
    const { platform, release, start, alias, open } = await shifting();
    await start('01HZZZZZZZZZZZZZZZZZZZZZZA');
    await sweep(platform)();
    expect(await open()).toEqual([]);
    expect(await alias()).toEqual({ version: '1', weights: {} });
    await start(release.id);
    await sweep(platform)();
    expect(await open()).toHaveLength(1);
  });

  it('leaves deployments alone that are none of ours', async () => {
    const { platform, release, start, open } = await shifting();
    await start(release.id, 'by hand');
    await sweep(platform)();
    expect(await open()).toHaveLength(1);
  });
});
