import { record } from '../../../lambdas/record/record';
import { buildTimesKey, deployedPackageKey, manifestKey } from '../../../lib/core/contracts/keys';
import { DeployedPackage, type Manifest } from '../../../lib/core/contracts/manifest';
import type { PreparedFunction } from '../../../lib/core/contracts/payloads';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import type { TargetPortsOf } from '../../../lib/ports/target-ports';
import { aCodeSha256, aDeployedPackage, aManifest, aRelease, COMMIT, RELEASE_ID } from '../../builders';

const BEFORE = '01HZZZZZZZZZZZZZZZZZZZZZZA';
const release = aRelease();
const service = { path: 'orders', reasons: [{ code: 'files-changed' as const, message: 'orders/a.ts changed' }] };
const prepared = (logicalId: string, code: string, version: string): PreparedFunction => ({
  logicalId,
  name: `orders-dev-${logicalId}`,
  version,
  codeSha256: aCodeSha256(code),
  updated: true,
  alias: 'live',
});
const decision = (kind: 'skip' | 'incremental' | 'full') => ({ kind, reasons: [], changedFunctions: [] });
const anInput = (more: object) => ({
  release,
  service,
  prepared: [],
  buildId: 'build-1',
  marks: { build: 1_000, deploy: 4_000, shift: 5_000, record: 5_500 },
  ...more,
});

/** A service of which release BEFORE deployed functions List and Create, and the package that was built now. */
async function world(manifest: Manifest, stackOutputs: Record<string, string> = {}) {
  const artifacts = memoryArtifacts();
  const states = memoryServiceStates();
  const before = { ...aDeployedPackage(), outputs: { Url: 'https://before.example.com' } };
  const beforeKey = deployedPackageKey(release, 'orders', BEFORE);
  await artifacts.writeJson(beforeKey, before);
  await states.endService(
    { ...release, id: BEFORE },
    { status: 'deployed', commit: 'a'.repeat(40), deployedPackage: beforeKey, stackName: 'orders-dev' },
    { path: 'orders', status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
  );
  await artifacts.writeJson(manifestKey(release, 'orders', RELEASE_ID), manifest);
  const described: string[] = [];
  const stacks = {
    async describe(name: string) {
      described.push(name);
      return { status: 'UPDATE_COMPLETE', tags: {}, outputs: stackOutputs, exports: [] };
    },
  };
  const target = (() => ({ stacks })) as unknown as TargetPortsOf;
  const run = record({ artifacts, states, target, now: () => 6_000 });
  const deployed = () => artifacts.readJson(deployedPackageKey(release, 'orders', RELEASE_ID), DeployedPackage);
  return { run, states, artifacts, described, before, beforeKey, deployed };
}

describe('record', () => {
  it("keeps the service's outputs for later ones, and its place among them", async () => {
    const { run, states } = await world(aManifest(), { Url: 'https://new.example.com' });
    const input = { decision: decision('full'), prepared: [prepared('List', 'code', '1')] };
    await run(anInput({ ...input, service: { ...service, phase: 3 } }));
    expect(await states.find(release, 'orders')).toMatchObject({
      outputs: { Url: 'https://new.example.com' },
      phase: 3,
    });
  });

  it('keeps on what the package runs, for the next build', async () => {
    const { run, states } = await world({ ...aManifest(), architecture: 'arm64' });
    await run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '1')] }));
    expect(await states.find(release, 'orders')).toMatchObject({ architecture: 'arm64' });
  });

  it('keeps which files of others the package was made of, also if it is the deployed one', async () => {
    const made = (outsideFiles?: string[]) => ({ ...aManifest(), outsideFiles });
    const full = await world(made(['services/a/texts.yml']));
    await full.run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '1')] }));
    expect(await full.states.find(release, 'orders')).toMatchObject({ outsideFiles: ['services/a/texts.yml'] });
    const skipped = await world(made(['services/a/words.yml']));
    await skipped.run(anInput({ decision: decision('skip') }));
    expect(await skipped.states.find(release, 'orders')).toMatchObject({
      outsideFiles: ['services/a/words.yml'],
      deployedPackage: skipped.beforeKey,
    });
  });

  it('keeps whether those are all, for the commit that the package is of', async () => {
    const { run, states } = await world({ ...aManifest(), outsideFiles: ['libs/a.js'], outsideUnseen: [] });
    await run(anInput({ decision: decision('skip') }));
    expect(await states.find(release, 'orders')).toMatchObject({ outsideUnseen: { commit: COMMIT, by: [] } });
  });

  it('tells what the build had to say', async () => {
    const { run, states } = await world(aManifest({ List: 'code' }, { warnings: ['an output is left out'] }));
    await run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '1')] }));
    expect(await states.records(release)).toMatchObject([{ warnings: ['an output is left out'] }]);
  });

  it('tells it also of a build whose package is the deployed one', async () => {
    const { run, states } = await world(aManifest({ List: 'code' }, { warnings: ['an output is left out'] }));
    await run(anInput({ decision: decision('skip') }));
    expect(await states.records(release)).toMatchObject([{ status: 'skipped', warnings: ['an output is left out'] }]);
  });

  it('keeps outputs that are too long together for an item of the table in the package only, and says so', async () => {
    const long = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`Long${index}`, 'x'.repeat(4_000)]));
    const { run, states, deployed } = await world(aManifest(), { ...long, Url: 'https://new.example.com' });
    const recorded = await run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '1')] }));
    expect(Buffer.byteLength(JSON.stringify(recorded))).toBeLessThan(110_000);
    expect(recorded.outputs).toMatchObject({ Url: 'https://new.example.com' });
    expect(recorded.warnings).toEqual([
      expect.stringMatching(
        /^other services do not get 176 outputs of the stack: Long\d+, Long\d+, Long\d+ and 173 more/,
      ),
    ]);
    expect(await states.find(release, 'orders')).toMatchObject({ outputs: recorded.outputs });
    expect(Object.keys((await deployed())!.outputs)).toHaveLength(201);
  });

  it('keeps the outputs of a service that it left alone', async () => {
    const { run, states } = await world(aManifest());
    await run(anInput({ decision: decision('skip') }));
    expect(await states.find(release, 'orders')).toMatchObject({ outputs: { Url: 'https://before.example.com' } });
  });

  it('keeps of an incremental deploy what changed and, of the rest, what served before', async () => {
    const manifest = aManifest({ List: 'new code', Create: 'code' });
    const { run, states, deployed, before, described } = await world(manifest);
    await run(anInput({ decision: decision('incremental'), prepared: [prepared('List', 'new code', '2')] }));

    expect(await deployed()).toEqual({
      manifest,
      functions: {
        List: { name: 'orders-dev-List', version: '2', codeSha256: aCodeSha256('new code') },
        Create: before.functions.Create,
      },
      outputs: { Url: 'https://before.example.com' },
    });
    expect(described).toEqual([]);
    expect(await states.find(release, 'orders')).toEqual({
      path: 'orders',
      status: 'deployed',
      releaseId: RELEASE_ID,
      commit: COMMIT,
      outsideFiles: [],
      stackName: 'orders-dev',
      deployedPackage: deployedPackageKey(release, 'orders', RELEASE_ID),
      outputs: before.outputs,
    });
  });

  it('keeps what was done in the history, with the time of each step', async () => {
    const { run, states } = await world(aManifest({ List: 'new code', Create: 'code' }));
    await run(anInput({ decision: decision('incremental'), prepared: [prepared('List', 'new code', '2')] }));
    expect(await states.records(release)).toEqual([
      {
        path: 'orders',
        status: 'deployed',
        planned: service.reasons,
        decision: decision('incremental'),
        functions: [
          { logicalId: 'List', name: 'orders-dev-List', version: '2', updated: true },
          { logicalId: 'Create', name: 'orders-dev-Create', version: '1', updated: false },
        ],
        outputs: { Url: 'https://before.example.com' },
        durations: { build: 3_000, deploy: 1_000, shift: 500, record: 500 },
        buildId: 'build-1',
      },
    ]);
  });

  it('keeps how long the parts of the build took, by CodeBuild and by the packager, of a skip too', async () => {
    const { run, artifacts, states } = await world(aManifest());
    await artifacts.writeJson(buildTimesKey(release, 'orders', RELEASE_ID), { framework: 2_000, upload: 40 });
    const marks = { build: 1_000, deploy: 4_000, record: 5_500 };
    await run(anInput({ decision: decision('skip'), marks, buildTimes: { provisioning: 24_000 } }));
    const [{ buildTimes } = {}] = await states.records(release);
    expect(buildTimes).toEqual({ provisioning: 24_000, framework: 2_000, upload: 40 });
  });

  it('keeps what a person should know of the build', async () => {
    const { run, states } = await world(aManifest());
    await run(anInput({ decision: decision('skip'), buildWarning: 'its build ran on EC2' }));
    expect(await states.records(release)).toMatchObject([{ warnings: ['its build ran on EC2'] }]);
  });

  it('keeps no times of a build that there was not, nor of one whose times cannot be read', async () => {
    const { run, artifacts, states } = await world(aManifest());
    await artifacts.writeJson(buildTimesKey(release, 'orders', RELEASE_ID), { framework: 'long' });
    for (const buildId of [null, 'build-1']) {
      await run(anInput({ decision: decision('skip'), buildId }));
      const [record] = await states.records(release);
      expect(record).toMatchObject({ status: 'skipped' });
      expect(record!.buildTimes).toBeUndefined();
    }
  });

  it('keeps of a full deploy the outputs of the stack and no function that is gone', async () => {
    const { run, deployed, described } = await world(aManifest({ List: 'code' }), { Url: 'https://now.example.com' });
    await run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '5')] }));
    expect(await deployed()).toMatchObject({ outputs: { Url: 'https://now.example.com' } });
    expect(Object.keys((await deployed())!.functions)).toEqual(['List']);
    expect(described).toEqual(['orders-dev']);
  });

  it('keeps of a skip the new commit beside the package of before', async () => {
    const { run, states, beforeKey, deployed } = await world(aManifest());
    await run(anInput({ decision: decision('skip'), marks: { build: 1_000, deploy: 4_000, record: 5_500 } }));
    expect(await states.find(release, 'orders')).toMatchObject({ commit: COMMIT, deployedPackage: beforeKey });
    expect(await deployed()).toBeUndefined();
    expect(await states.records(release)).toMatchObject([
      {
        status: 'skipped',
        functions: [{ updated: false }, { updated: false }],
        outputs: { Url: 'https://before.example.com' },
        durations: { build: 3_000, deploy: 1_500, record: 500 },
      },
    ]);
  });

  it('comes to the same when it is run twice', async () => {
    const { run, states, deployed } = await world(aManifest({ List: 'new code', Create: 'code' }));
    const input = anInput({ decision: decision('incremental'), prepared: [prepared('List', 'new code', '2')] });
    await run(input);
    const once = [await deployed(), await states.list(release), await states.records(release)];
    await run(input);
    expect([await deployed(), await states.list(release), await states.records(release)]).toEqual(once);
  });

  it('records a full deploy although the package of before cannot be read', async () => {
    const { run, artifacts, beforeKey, deployed } = await world(aManifest({ List: 'code' }));
    await artifacts.writeJson(beforeKey, { manifest: 'of another time' });
    await run(anInput({ decision: decision('full'), prepared: [prepared('List', 'code', '5')] }));
    expect(Object.keys((await deployed())!.functions)).toEqual(['List']);
  });

  it('refuses to write over what a newer release has written', async () => {
    const { run, states } = await world(aManifest());
    await states.beginService({ ...release, id: '01J00000000000000000000000' }, 'orders');
    await expect(run(anInput({ decision: decision('full') }))).rejects.toMatchObject({ code: 'ReleaseSuperseded' });
    expect(await states.find(release, 'orders')).toMatchObject({ status: 'deploying' });
  });

  it('says which manifest is gone', async () => {
    const { run } = await world(aManifest());
    const input = anInput({ release: { ...release, id: '01J00000000000000000000000' }, decision: decision('full') });
    await expect(run(input)).rejects.toMatchObject({
      code: 'ManifestInvalid',
      message: expect.stringContaining('packages/shop/dev/orders/01J00000000000000000000000/manifest.json'),
    });
  });
});
