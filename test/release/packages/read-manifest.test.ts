import { createHash } from 'node:crypto';
import { manifestKey } from '../../../lib/core/contracts/keys';
import type { ServiceState } from '../../../lib/core/contracts/state';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { readStoredManifest } from '../../../lib/release/packages/read-packages';
import { aManifest, aRelease, aServiceState } from '../../builders';

const release = aRelease();
const service = { path: 'orders', reasons: [] };
const BEFORE = '01HZZZZZZZZZZZZZZZZZZZZZZA';
const OTHER_HASH = 'a'.repeat(64);
const deploying = (more: Partial<ServiceState> = {}): ServiceState => aServiceState({ status: 'deploying', ...more });

async function stored(key = manifestKey(release, 'orders', release.id), manifest = aManifest()) {
  const artifacts = memoryArtifacts();
  await artifacts.writeJson(key, manifest);
  const sha256 = createHash('sha256').update(artifacts.objects.get(key)!).digest('hex');
  const read = (state?: ServiceState) =>
    readStoredManifest(artifacts, { release, service, state: Promise.resolve(state) });
  return { sha256, read };
}

it('reads the manifest and the hash of its bytes, before anything was decided', async () => {
  const { sha256, read } = await stored();
  expect(await read()).toEqual({ manifest: aManifest(), sha256 });
});

it('takes the one that the release decided on, and no other', async () => {
  const { sha256, read } = await stored();
  const decidedOn = { releaseId: release.id, manifestSha256: sha256 };
  expect((await read(deploying({ decidedOn }))).sha256).toBe(sha256);
  await expect(read(deploying({ decidedOn: { ...decidedOn, manifestSha256: OTHER_HASH } }))).rejects.toMatchObject({
    code: 'ManifestInvalid',
    message: expect.stringContaining(`(SHA-256 ${sha256}, not ${OTHER_HASH})`),
  });
});

it('compares nothing with what an earlier release decided on', async () => {
  const { read } = await stored();
  const decidedOn = { releaseId: BEFORE, manifestSha256: OTHER_HASH };
  await expect(read(aServiceState({ releaseId: BEFORE, decidedOn }))).resolves.toBeDefined();
});

describe('of before stages had folders', () => {
  const manifest = aManifest({}, { template: `packages/shop/orders/${release.id}/template.json` });
  const OLD = `packages/shop/orders/${release.id}/manifest.json`;

  it('is found for a release that an older version of the platform has begun', async () => {
    const { read } = await stored(OLD, manifest);
    expect((await read(deploying({ releaseId: release.id }))).manifest).toEqual(manifest);
  });

  it.each<[string, ServiceState | undefined]>([
    ['has decided nothing', undefined],
    ['has not begun', deploying({ releaseId: BEFORE })],
    ['knows what it decided on', deploying({ decidedOn: { releaseId: release.id, manifestSha256: OTHER_HASH } })],
  ])('is not looked for if the release %s', async (_, state) => {
    const { read } = await stored(OLD, manifest);
    await expect(read(state)).rejects.toMatchObject({
      code: 'ManifestInvalid',
      message: expect.stringContaining('has no manifest at packages/shop/dev/orders/'),
    });
  });
});
