import { createHash } from 'node:crypto';
import { storedBundles } from '../../lib/core/build/stored-bundles';
import { BuildTimes } from '../../lib/core/contracts/build-times';
import { Manifest } from '../../lib/core/contracts/manifest';
import { NO_SHIFT_SETTINGS } from '../../lib/core/contracts/settings';
import { NO_STACK_SETTINGS } from '../../lib/core/contracts/stack-settings';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import type { PackagedBundle } from '../../lib/packager/kinds/kind';
import type { ServicePackage } from '../../lib/packager/package-service';
import { PartTimes } from '../../lib/packager/part-times';
import { storePackage } from '../../lib/packager/store-package';
import { aHash } from '../builders';

const identity = {
  app: 'shop',
  service: 'api',
  stage: 'dev',
  commit: 'c'.repeat(40),
  releaseId: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  environmentHash: 'e'.repeat(64),
};
const PACKAGE = `packages/shop/dev/api/${identity.releaseId}`;

const sha256Of = (content: string) => createHash('sha256').update(content).digest('base64');

const aBundle = (logicalId: string, content: string, more: Partial<PackagedBundle> = {}): PackagedBundle => ({
  kind: 'function',
  logicalId,
  property: ['Code', 'S3Key'],
  file: `${logicalId}.zip`,
  bundle: {
    contentHash: aHash(content),
    native: [],
    unpackedSize: content.length,
    paths: new Set(),
    bytes: () => Buffer.from(content),
    sha256: sha256Of(content),
  },
  ...more,
});
const aPackage = (bundles: readonly PackagedBundle[]): ServicePackage => ({
  kind: 'serverless',
  tool: { name: 'osls', version: '4.3.1' },
  stack: {
    name: 'api-dev',
    settings: NO_STACK_SETTINGS,
    template: {
      Resources: {
        Hello: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'src/hello.handler', Runtime: 'nodejs22.x' } },
        Bye: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'src/bye.handler', Runtime: 'nodejs22.x' } },
      },
    },
    files: [],
  },
  outsideFiles: [],
  architecture: 'arm64',
  configHash: aHash('config'),
  incremental: { enabled: true, disabledFor: [] },
  alias: 'live',
  shift: NO_SHIFT_SETTINGS,
  hooks: ['before_deploy'],
  bundles,
  warnings: [],
});
const keys = (artifacts: ReturnType<typeof memoryArtifacts>) => [...artifacts.objects.keys()];

describe('storePackage', () => {
  it('keeps with the manifest what the build had to say', async () => {
    const artifacts = memoryArtifacts();
    const said = { ...aPackage([aBundle('Hello', 'one')]), warnings: ['an output is left out'] };
    expect(await storePackage(said, identity, artifacts)).toMatchObject({ warnings: ['an output is left out'] });
    expect(await storePackage({ ...said, warnings: [] }, identity, artifacts)).not.toHaveProperty('warnings');
  });

  it('stores bundles, then the template, and the manifest last', async () => {
    const artifacts = memoryArtifacts();
    await storePackage(aPackage([aBundle('Hello', 'one'), aBundle('Bye', 'two')]), identity, artifacts);
    expect(keys(artifacts).slice(0, 2).sort()).toEqual([
      `bundles/shop/dev/api/Bye/${aHash('two')}.zip`,
      `bundles/shop/dev/api/Hello/${aHash('one')}.zip`,
    ]);
    expect(keys(artifacts).slice(2)).toEqual([`${PACKAGE}/template.json`, `${PACKAGE}/manifest.json`]);
  });

  it('says in the manifest what each function, layer and asset is', async () => {
    const artifacts = memoryArtifacts();
    const bundles = [
      aBundle('Hello', 'one'),
      aBundle('Shared', 'layer', { kind: 'layer', property: ['Content', 'S3Key'] }),
      aBundle('Machine', 'asl', { kind: 'asset', property: ['DefinitionS3Location', 'Key'] }),
    ];
    const returned = await storePackage(aPackage(bundles), identity, artifacts);
    const manifest = await artifacts.readJson(`${PACKAGE}/manifest.json`, Manifest);
    expect(manifest).toEqual(returned);
    expect(manifest).toMatchObject({ ...identity, stackName: 'api-dev', architecture: 'arm64' });
    expect(manifest!.framework.version).toBe('osls 4.3.1');
    expect(manifest!.functions).toEqual({
      Hello: {
        bundle: `bundles/shop/dev/api/Hello/${aHash('one')}.zip`,
        contentHash: aHash('one'),
        codeSha256: createHash('sha256').update('one').digest('base64'),
        size: 3,
        handler: 'src/hello.handler',
        runtime: 'nodejs22.x',
      },
    });
    expect(Object.keys(manifest!.layers)).toEqual(['Shared']);
    expect(Object.keys(manifest!.assets)).toEqual(['Machine.DefinitionS3Location.Key']);
  });

  it('makes and uploads only what is missing', async () => {
    const artifacts = memoryArtifacts();
    await storePackage(aPackage([aBundle('Hello', 'one')]), identity, artifacts);
    const untouched = () => {
      throw new Error('zipped again');
    };
    const { bundle } = aBundle('Hello', 'one');
    const hello = aBundle('Hello', 'one', { bundle: { ...bundle, bytes: untouched } });
    const manifest = await storePackage(aPackage([hello, aBundle('Bye', 'two')]), identity, artifacts);
    expect(Object.keys(manifest.functions)).toEqual(['Hello', 'Bye']);
  });

  it('asks for nothing that the deployed package had, and sends what is small and new without asking', async () => {
    const artifacts = memoryArtifacts();
    const before = await storePackage(aPackage([aBundle('Hello', 'one'), aBundle('Bye', 'two')]), identity, artifacts);
    const asked: string[] = [];
    const watched = {
      ...artifacts,
      find: async (wanted: readonly string[]) => {
        asked.push(...wanted);
        return artifacts.find(wanted);
      },
    };
    const large = 'x'.repeat(1_000_001);
    const bundles = [aBundle('Hello', 'one'), aBundle('Bye', 'new'), aBundle('Big', large)];
    const options = { stored: storedBundles(before) };
    const manifest = await storePackage(aPackage(bundles), identity, watched, options);
    expect(asked).toEqual([`bundles/shop/dev/api/Big/${aHash(large)}.zip`]);
    expect(manifest.functions.Hello).toEqual(before.functions.Hello);
    expect(manifest).toEqual(await storePackage(aPackage(bundles), identity, artifacts));
  });

  it('has no more than 16 bundles on their way at once', async () => {
    const artifacts = memoryArtifacts();
    let [now, most] = [0, 0];
    const counted = {
      ...artifacts,
      putIfAbsent: async (...put: Parameters<typeof artifacts.putIfAbsent>) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return artifacts.putIfAbsent(...put);
      },
    };
    const bundles = Array.from({ length: 40 }, (_, index) => aBundle(`F${index}`, `code ${index}`));
    await storePackage(aPackage(bundles), identity, counted);
    expect(most).toBe(16);
  });

  it('leaves the times of the build beside the package', async () => {
    const artifacts = memoryArtifacts();
    let now = 0;
    const times = new PartTimes({ now: () => now });
    await times.measure('framework', async () => {
      now += 1500;
    });
    await storePackage(aPackage([aBundle('Hello', 'one')]), identity, artifacts, { times });
    expect(await artifacts.readJson(`${PACKAGE}/times.json`, BuildTimes)).toEqual({ framework: 1500, upload: 0 });
  });

  it('stores what several functions share once', async () => {
    const artifacts = memoryArtifacts();
    const manifest = await storePackage(
      aPackage([aBundle('Hello', 'same'), aBundle('Bye', 'same')]),
      identity,
      artifacts,
    );
    expect(manifest.functions.Hello!.bundle).toBe(`bundles/shop/dev/api/_shared/${aHash('same')}.zip`);
    expect(manifest.functions.Bye!.bundle).toBe(manifest.functions.Hello!.bundle);
    expect(keys(artifacts).filter((key) => key.startsWith('bundles/'))).toHaveLength(1);
  });

  it('names the hash of the template as it is stored', async () => {
    const artifacts = memoryArtifacts();
    const { templateSha256 } = await storePackage(aPackage([]), identity, artifacts);
    const stored = (await artifacts.readBytes(`${PACKAGE}/template.json`))!;
    expect(templateSha256).toBe(createHash('sha256').update(stored).digest('hex'));
  });

  describe('when other bytes are stored under the key of a bundle', () => {
    const theirs = Buffer.from('their zip');
    const key = `bundles/shop/dev/api/Hello/${aHash('one')}.zip`;
    const ownHash = createHash('sha256').update('one').digest('hex');
    const beside = key.replace('.zip', `-${ownHash.slice(0, 16)}.zip`);
    const putTheirs = (artifacts: ReturnType<typeof memoryArtifacts>, where = key) =>
      artifacts.putIfAbsent(where, theirs, { sha256: sha256Of('their zip') });
    const own = { bundle: beside, codeSha256: sha256Of('one'), size: 3 };
    const warnings = [expect.stringMatching(/^other bytes than this build has packaged are stored at .*beside them/)];

    it('deploys its own, stored beside them, and says so', async () => {
      const artifacts = memoryArtifacts();
      await putTheirs(artifacts);
      const manifest = await storePackage(aPackage([aBundle('Hello', 'one')]), identity, artifacts);
      expect(manifest).toMatchObject({ functions: { Hello: own }, warnings });
      expect(Buffer.from(artifacts.objects.get(beside)!).toString()).toBe('one');
      expect(Buffer.from(artifacts.objects.get(key)!)).toEqual(theirs);
    });

    it('also when they are stored just after it has looked', async () => {
      const artifacts = memoryArtifacts();
      const slow = {
        ...artifacts,
        find: async (asked: readonly string[]) => {
          const found = await artifacts.find(asked);
          await putTheirs(artifacts);
          return found;
        },
      };
      const manifest = await storePackage(aPackage([aBundle('Hello', 'one')]), identity, slow);
      expect(manifest).toMatchObject({ functions: { Hello: own }, warnings });
    });

    it('knows its own again once it is deployed, and says nothing', async () => {
      const artifacts = memoryArtifacts();
      await putTheirs(artifacts);
      const deployed = await storePackage(aPackage([aBundle('Hello', 'one')]), identity, artifacts);
      const untouched = () => Promise.reject(new Error('asked for'));
      const watched = { ...artifacts, find: untouched, putIfAbsent: untouched };
      const options = { stored: storedBundles(deployed) };
      const manifest = await storePackage(aPackage([aBundle('Hello', 'one')]), identity, watched, options);
      expect(manifest).toMatchObject({ functions: { Hello: own } });
      expect(manifest).not.toHaveProperty('warnings');
    });

    it('fails if there are others beside them as well, where the key names the hash', async () => {
      const artifacts = memoryArtifacts();
      await putTheirs(artifacts);
      await putTheirs(artifacts, beside);
      const packaged = aPackage([aBundle('Hello', 'one')]);
      await expect(storePackage(packaged, identity, artifacts)).rejects.toMatchObject({
        code: 'BundleCorrupt',
        message: expect.stringContaining(`${beside} has the SHA-256`),
      });
      expect(artifacts.objects.has(`${PACKAGE}/manifest.json`)).toBe(false);
    });

    it('takes what is stored if a stage has deployed it: its functions run it already', async () => {
      const artifacts = memoryArtifacts();
      const before = await storePackage(aPackage([aBundle('Hello', 'one')]), identity, artifacts);
      const otherZip = aBundle('Hello', 'one');
      const bundle = {
        ...otherZip.bundle,
        sha256: sha256Of('zipped otherwise'),
        bytes: () => Buffer.from('zipped otherwise'),
      };
      const options = { stored: storedBundles(before) };
      const manifest = await storePackage(aPackage([{ ...otherZip, bundle }]), identity, artifacts, options);
      expect(manifest.functions.Hello).toEqual(before.functions.Hello);
    });
  });

  it('writes no manifest if a bundle could not be stored', async () => {
    const artifacts = memoryArtifacts();
    const broken = { ...artifacts, putIfAbsent: () => Promise.reject(new Error('access denied')) };
    await expect(storePackage(aPackage([aBundle('Hello', 'one')]), identity, broken)).rejects.toThrow('access denied');
    expect(keys(artifacts)).toEqual([]);
  });
});
