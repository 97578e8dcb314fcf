import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies } from '../../lib/packager/install-dependencies';
import { aDirectory, aWorkspace, programs } from './scratch';

const PACKAGE = JSON.stringify({ name: 'x', dependencies: { left: '1.0.0' } });

/** @returns which programs were called where and how, as `<directory>: <program> <arguments>`. */
async function installsOf(
  files: Readonly<Record<string, string>>,
  service = '.',
  installed: readonly string[] = ['npm', 'yarn', 'pnpm'],
): Promise<readonly string[]> {
  const root = aDirectory(files);
  const calls = join(aDirectory(), 'calls');
  const scripts = installed.map((name) => [name, `echo "$PWD: ${name} $*" >> ${calls}`]);
  const workspace = aWorkspace({ root, service, env: { PATH: `${programs(Object.fromEntries(scripts))}` } });
  await installDependencies(workspace);
  if (!existsSync(calls)) return [];
  const text = readFileSync(calls, 'utf8').trimEnd().replaceAll(root, '<root>');
  return text.split('\n').map((line) => line.replaceAll(/ --(no-audit|no-fund|prefer-offline)/g, ''));
}

describe('installDependencies', () => {
  it.each([
    ['package-lock.json', '<root>: npm ci'],
    ['npm-shrinkwrap.json', '<root>: npm ci'],
    ['yarn.lock', '<root>: yarn install --frozen-lockfile --non-interactive'],
    ['pnpm-lock.yaml', '<root>: pnpm install --frozen-lockfile'],
  ])('installs exactly what %s locks', async (lockfile, call) => {
    expect(await installsOf({ 'package.json': PACKAGE, [lockfile]: '' })).toEqual([call]);
  });

  it('knows Yarn 2 and later by package.json or by its settings', async () => {
    const call = ['<root>: yarn install --immutable'];
    const packageJson = JSON.stringify({ packageManager: 'yarn@4.1.0', dependencies: { left: '1' } });
    expect(await installsOf({ 'package.json': packageJson, 'yarn.lock': '' })).toEqual(call);
    expect(await installsOf({ 'package.json': PACKAGE, 'yarn.lock': '', '.yarnrc.yml': '' })).toEqual(call);
  });

  it('installs nothing without a package.json, or without a dependency', async () => {
    expect(await installsOf({ 'handler.py': '' })).toEqual([]);
    expect(await installsOf({ 'package.json': '{"name":"x"}' })).toEqual([]);
  });

  it('installs without a lockfile too, and warns', async () => {
    const workspace = aWorkspace({
      root: aDirectory({ 'package.json': PACKAGE }),
      env: { PATH: programs({ npm: '' }) },
    });
    await installDependencies(workspace);
    expect(workspace.lines.join('\n')).toContain('no lockfile');
  });

  it('installs at the root and in the service, each by its own lockfile', async () => {
    const files = {
      'package.json': PACKAGE,
      'package-lock.json': '',
      'services/api/package.json': PACKAGE,
      'services/api/yarn.lock': '',
    };
    expect(await installsOf(files, 'services/api')).toEqual([
      '<root>: npm ci',
      '<root>/services/api: yarn install --frozen-lockfile --non-interactive',
    ]);
  });

  it('installs a service of a workspace with the whole workspace, once', async () => {
    const root = JSON.stringify({ name: 'x', workspaces: ['services/*'] });
    const files = { 'package.json': root, 'package-lock.json': '', 'services/api/package.json': PACKAGE };
    expect(await installsOf(files, 'services/api')).toEqual(['<root>: npm ci']);
    const pnpm = { 'package.json': '{}', 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': '', 'api/package.json': PACKAGE };
    expect(await installsOf(pnpm, 'api')).toEqual(['<root>: pnpm install --frozen-lockfile']);
  });

  it('leaves a root without lockfile alone when a service below it is built', async () => {
    const files = { 'package.json': PACKAGE, 'api/package.json': PACKAGE, 'api/package-lock.json': '' };
    expect(await installsOf(files, 'api')).toEqual(['<root>/api: npm ci']);
  });

  it('runs a package manager that is not installed through npm, in the version that is asked for', async () => {
    const packageJson = JSON.stringify({ packageManager: 'pnpm@9.1.0+sha512.abc', dependencies: { left: '1' } });
    expect(await installsOf({ 'package.json': packageJson, 'pnpm-lock.yaml': '' }, '.', ['npm'])).toEqual([
      '<root>: npm exec --yes --package=pnpm@9.1.0 -- pnpm install --frozen-lockfile',
    ]);
  });

  it('names a package.json that is no JSON', async () => {
    const workspace = aWorkspace({ root: aDirectory({ 'api/package.json': '{"name": }' }), service: 'api' });
    await expect(installDependencies(workspace)).rejects.toMatchObject({
      code: 'InstallFailed',
      message: expect.stringMatching(/^api\/package\.json is not valid JSON/),
    });
  });

  it('tells what npm said if its lockfile does not fit', async () => {
    const lock = JSON.stringify({ name: 'x', lockfileVersion: 3, packages: { '': { name: 'x' } } });
    const root = aDirectory({
      'package.json': JSON.stringify({ name: 'x', dependencies: { left: 'file:left' } }),
      'left/package.json': JSON.stringify({ name: 'left', version: '1.0.0' }),
      'package-lock.json': lock,
    });
    await expect(installDependencies(aWorkspace({ root }))).rejects.toMatchObject({
      code: 'InstallFailed',
      message: expect.stringMatching(
        /cannot install the dependencies of the root: "npm ci .*" ended with exit code 1\nits last lines:\n[\s\S]*Missing: left@.* from lock file/,
      ),
    });
  });

  it('tells that the registry cannot be reached', async () => {
    const resolved = 'http://127.0.0.1:9/left/-/left-1.0.0.tgz';
    const lock = {
      name: 'x',
      lockfileVersion: 3,
      packages: {
        '': { name: 'x', dependencies: { left: '1.0.0' } },
        'node_modules/left': { version: '1.0.0', resolved },
      },
    };
    const root = aDirectory({ 'package.json': PACKAGE, 'package-lock.json': JSON.stringify(lock) });
    const env = {
      ...aWorkspace().env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: aDirectory(),
    };
    await expect(installDependencies(aWorkspace({ root, env }))).rejects.toMatchObject({
      code: 'InstallFailed',
      message: expect.stringMatching(
        /\nthe registry cannot be reached from the build: check \.npmrc.*\nits last lines:\n[\s\S]*127\.0\.0\.1:9/,
      ),
    });
  });
});
