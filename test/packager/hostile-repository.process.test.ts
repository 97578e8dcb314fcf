import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseSeedYml } from '../../lib/config/seed-yml';
import { ServicePath } from '../../lib/core/contracts/release';
import { findBundleFiles } from '../../lib/packager/kinds/serverless/find-bundle-files';
import { readServiceConfig } from '../../lib/packager/kinds/serverless/service-config';
import { readSeedYml } from '../../lib/packager/package-service';
import { runHook } from '../../lib/packager/run-hook';
import { commandEnvironment } from '../../lib/packager/workspace';
import { aDirectory, aWorkspace } from './scratch';

const LEAVES = { code: 'PackageFailed', message: expect.stringContaining('leads out of the repository') };

describe('a symbolic link out of the repository', () => {
  it('is no seed.yml', async () => {
    const root = aDirectory();
    symlinkSync('/etc/passwd', join(root, 'seed.yml'));
    await expect(readSeedYml(root)).rejects.toMatchObject(LEAVES);
  });

  it('is no directory of a service, and none that one lies in', async () => {
    const elsewhere = aDirectory({ 'serverless.yml': 'service: x', 'deep/serverless.yml': 'service: x' });
    const root = aDirectory();
    symlinkSync(elsewhere, join(root, 'api'));
    for (const service of ['api', 'api/deep'])
      await expect(readServiceConfig(aWorkspace({ root, service }))).rejects.toMatchObject(LEAVES);
  });

  it('is no configuration of a service', async () => {
    const root = aDirectory({ 'api/x': '' });
    symlinkSync('/etc/passwd', join(root, 'api/serverless.yml'));
    await expect(readServiceConfig(aWorkspace({ root, service: 'api' }))).rejects.toMatchObject(LEAVES);
  });

  it('may be a link within the repository', async () => {
    const root = aDirectory({ 'real/serverless.yml': 'service: x' });
    symlinkSync('real', join(root, 'api'));
    await expect(readServiceConfig(aWorkspace({ root, service: 'api' }))).resolves.toMatchObject({
      file: 'api/serverless.yml',
    });
  });

  const packaged = (directory: string, S3Key: string, artifact?: string) =>
    ({
      directory,
      framework: { name: 'osls', version: '4', program: '' },
      state: {
        package: { artifactDirectoryName: 'serverless/x', artifact: undefined },
        service: { functions: artifact ? { f: { package: { artifact } } } : {}, provider: {} },
      },
      template: { Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key } } } } },
    }) as unknown as Parameters<typeof findBundleFiles>[0];

  it('is no bundle, wherever the template points', async () => {
    const directory = aDirectory();
    const root = aDirectory();
    symlinkSync('/etc/passwd', join(directory, 'f.zip'));
    mkdirSync(join(root, 'api'));
    symlinkSync('/etc/passwd', join(root, 'api/own.zip'));
    for (const output of [
      packaged(directory, 'serverless/x/f.zip'),
      packaged(directory, 'serverless/x/../../../../../../../../etc/passwd'),
      packaged(directory, 'serverless/x/own.zip', 'own.zip'),
    ])
      await expect(findBundleFiles(output, join(root, 'api'), root)).rejects.toMatchObject(LEAVES);
  });
});

describe('names as programs', () => {
  const EVIL = [
    '$(touch PROOF)',
    '`touch PROOF`',
    '"; touch PROOF; "',
    "'; touch PROOF; '",
    '| touch PROOF',
    'a\ntouch PROOF',
  ];

  it.each(EVIL)('are only text to hooks: %j', async (name) => {
    const root = aDirectory();
    const facts = { app: 'shop', stage: 'dev', service: name, branch: name, tag: name };
    const env = commandEnvironment({ PATH: process.env.PATH }, facts);
    const workspace = aWorkspace({ root, env });
    const lines = ['echo "$SEED_BRANCH"', 'echo $SEED_BRANCH $SEED_TAG $SEED_SERVICE_PATH'];
    const seed = { ...parseSeedYml(''), before_build: lines };
    await runHook(workspace, 'before_build', seed);
    expect(workspace.lines.join('\n')).toContain(name.split('\n')[0]);
    expect(existsSync(join(root, 'PROOF'))).toBe(false);
  });

  it.each(['../other', 'a/../../b', 'a/..', './a', 'a/./b', '/etc', 'a b', 'a\nb', 'a\u001b[2Jb', 'a\u0007'])(
    'are no paths of services: %j',
    (path) => expect(ServicePath.safeParse(path).success).toBe(false),
  );

  it.each(['.', 'api', 'services/api', '.github/x', 'a..b/c', '...', '$(x)', 'ä/ö'])(
    'are paths of services: %j',
    (path) => expect(ServicePath.safeParse(path).success).toBe(true),
  );
});
