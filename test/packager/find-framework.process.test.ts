import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findFramework } from '../../lib/packager/kinds/serverless/find-framework';
import type { ServiceConfig } from '../../lib/packager/kinds/serverless/service-config';
import type { Workspace } from '../../lib/packager/workspace';
import { aDirectory, aWorkspace, programs } from './scratch';

/** Files of an installed framework in a directory of node_modules. */
const installed = (directory: string, name: string, version: string): Record<string, string> => ({
  [`${directory}/package.json`]: JSON.stringify({ name, version, bin: { serverless: 'bin/serverless.js', sls: 'x' } }),
});
const named = (...names: readonly string[]) =>
  JSON.stringify({ devDependencies: Object.fromEntries(names.map((name) => [name, '*'])) });

/** @param asked `frameworkVersion` of the configuration */
const aConfig = (asked?: string): ServiceConfig => ({
  file: 'serverless.yml',
  text: '',
  value: { ...(asked !== undefined && { frameworkVersion: asked }) },
});
const findWith = (workspace: Partial<Workspace>, config = aConfig()) =>
  findFramework(aWorkspace({ ...workspace, env: { PATH: '', ...workspace.env } }), config);
const find = async (files: Readonly<Record<string, string>>, service = '.', env: NodeJS.ProcessEnv = {}) =>
  (await findWith({ root: aDirectory(files), service, env })).framework;

/** A directory for the PATH with an npm that installs what is locked, and notes what it is asked for in a file. */
function anNpm(): { readonly path: string; readonly calls: () => readonly string[] } {
  const calls = join(aDirectory({ calls: '' }), 'calls');
  const npm = `echo "$@" >> ${calls}
    while [ "$1" != --prefix ]; do shift; done
    version=$(sed -n 's/^    "osls": "\\(.*\\)"$/\\1/p' $2/package.json)
    test -f $2/package-lock.json && mkdir -p $2/node_modules/osls
    echo '{"name":"osls","version":"'$version'","bin":"bin/osls.js"}' > $2/node_modules/osls/package.json`;
  return {
    path: `${programs({ npm })}:/bin:/usr/bin`,
    calls: () => readFileSync(calls, 'utf8').split('\n').filter(Boolean),
  };
}

describe('findFramework', () => {
  it('takes the one of the service before that of the repository', async () => {
    const files = {
      'package.json': named('osls'),
      'services/api/package.json': named('serverless'),
      ...installed('node_modules/osls', 'osls', '4.0.0'),
      ...installed('services/api/node_modules/serverless', 'serverless', '3.40.0'),
    };
    expect(await find(files, 'services/api')).toMatchObject({ name: 'serverless', version: '3.40.0' });
    expect(await find(files, 'services/other')).toMatchObject({
      name: 'osls',
      version: '4.0.0',
      program: expect.stringMatching(/node_modules\/osls\/bin\/serverless\.js$/),
    });
  });

  it('goes by the name in the package, since an override may put osls in the place of serverless', async () => {
    const files = { ...installed('node_modules/serverless', 'osls', '4.3.1'), 'package.json': named('serverless') };
    expect(await find(files)).toMatchObject({ name: 'osls' });
  });

  it('takes what a package of workspaces names from the root, where it is installed', async () => {
    const files = { ...installed('node_modules/serverless', 'serverless', '3.40.0'), 'package.json': '{}' };
    const api = { 'api/package.json': named('serverless') };
    expect(await find({ ...files, ...api }, 'api')).toMatchObject({ name: 'serverless' });
  });

  it('does not take what no package.json names, such as the peer of a plug-in, and says so', async () => {
    const { path, calls } = anNpm();
    const root = aDirectory({
      ...installed('node_modules/serverless', 'serverless', '4.2.0'),
      'package.json': named('serverless-esbuild'),
    });
    const { framework, warnings } = await findWith({ root, env: { PATH: path } });
    expect(framework).toMatchObject({ name: 'osls', version: '4.3.1' });
    expect(calls()).toHaveLength(1);
    expect(warnings).toEqual([
      'packaged with osls 4.3.1, not with the serverless 4.2.0 of node_modules: no package.json names that (npm ' +
        'installs what plug-ins want as a peer); name the framework that you want: npm install --save-dev osls@4.3.1',
    ]);
  });

  it('takes what package.json names where npm has put both', async () => {
    const both = {
      ...installed('node_modules/osls', 'osls', '4.3.1'),
      ...installed('node_modules/serverless', 'serverless', '3.40.0'),
    };
    expect(await find({ ...both, 'package.json': named('serverless') })).toMatchObject({ name: 'serverless' });
    expect(await find({ ...both, 'package.json': named('osls') })).toMatchObject({ name: 'osls' });
  });

  it('takes what a hook has installed for its own sake: nothing there needs it', async () => {
    const lock = (more: object) =>
      JSON.stringify({ packages: { 'node_modules/serverless': { version: '3.40.0' }, ...more } });
    const files = installed('node_modules/serverless', 'serverless', '3.40.0');
    const byItself = { ...files, 'node_modules/.package-lock.json': lock({}) };
    expect(await find(byItself)).toMatchObject({ version: '3.40.0' });
    const needed = lock({ 'node_modules/plugin': { peerDependencies: { serverless: '3' } } });
    const { path } = anNpm();
    const found = await find({ ...files, 'node_modules/.package-lock.json': needed }, '.', { PATH: path });
    expect(found).toMatchObject({ name: 'osls' });
  });

  it('takes the one on the PATH if the repository has none', async () => {
    const program = 'lib/node_modules/osls/bin/serverless.js';
    const global = aDirectory({ ...installed('lib/node_modules/osls', 'osls', '4.2.0'), [program]: '' });
    mkdirSync(join(global, 'bin'));
    symlinkSync(`../${program}`, join(global, 'bin', 'osls'));
    const file = join(global, program);
    expect(await find({}, '.', { PATH: join(global, 'bin') })).toEqual({
      name: 'osls',
      version: '4.2.0',
      program: file,
    });
  });

  it('installs the pinned osls once if there is none at all', async () => {
    const { path, calls } = anNpm();
    const workspace = aWorkspace({ env: { PATH: path } });
    const first = await findFramework(workspace, aConfig());
    expect(first).toMatchObject({ framework: { name: 'osls', version: '4.3.1' }, warnings: [] });
    expect(first.framework.program.startsWith(workspace.cacheDirectory)).toBe(true);
    expect(await findFramework(workspace, aConfig())).toEqual(first);
    expect(calls()).toHaveLength(1);
  });

  it.each([
    ['3', '3.77.1'],
    ['^3.30.0', '3.77.1'],
    ['2 || 3', '3.77.1'],
    ['>=2.1.0', '4.3.1'],
    ['4', '4.3.1'],
    ['*', '4.3.1'],
  ])('answers a frameworkVersion of "%s" with osls %s, and says so', async (asked, version) => {
    const { path } = anNpm();
    const { framework, warnings } = await findWith({ env: { PATH: path } }, aConfig(asked));
    expect(framework).toMatchObject({ name: 'osls', version });
    expect(warnings).toEqual([
      `serverless.yml, key "frameworkVersion": no package.json names a framework, so "${asked}" was packaged with osls ` +
        `${version}; for another one add serverless@${asked} to devDependencies: npm install --save-dev "serverless@${asked}"`,
    ]);
  });

  it('passes over one on the PATH that frameworkVersion does not accept', async () => {
    const program = 'lib/node_modules/osls/bin/serverless.js';
    const global = aDirectory({ ...installed('lib/node_modules/osls', 'osls', '4.2.0'), [program]: '' });
    mkdirSync(join(global, 'bin'));
    symlinkSync(`../${program}`, join(global, 'bin', 'osls'));
    const env = { PATH: `${join(global, 'bin')}:${anNpm().path}` };
    expect((await findWith({ env }, aConfig('3'))).framework.version).toBe('3.77.1');
    expect((await findWith({ env }, aConfig('4'))).framework.version).toBe('4.2.0');
  });

  it('leaves it to a framework that package.json names to refuse frameworkVersion', async () => {
    const root = aDirectory({
      ...installed('node_modules/serverless', 'serverless', '3.40.0'),
      'package.json': named('serverless'),
    });
    expect((await findWith({ root }, aConfig('2'))).framework.version).toBe('3.40.0');
  });

  it.each([
    ['3.38.0', 'npm install --save-dev "serverless@3.38.0"'],
    ['^4.4.0', 'npm install --save-dev "serverless@^4.4.0" (version 4 needs a licence)'],
    ['^2.72.0', 'which is too old'],
  ])('refuses a frameworkVersion of "%s" that it has not, and says what to do', async (asked, remedy) => {
    await expect(findWith({ env: { PATH: anNpm().path } }, aConfig(asked))).rejects.toMatchObject({
      code: 'FrameworkUnsupported',
      message: expect.stringMatching(
        new RegExp(`^serverless.yml, key "frameworkVersion": it asks for "${asked.replace('^', '\\^')}".*`),
      ),
    });
    await expect(findWith({ env: { PATH: anNpm().path } }, aConfig(asked))).rejects.toThrow(remedy);
  });

  it('says what to do if the registry cannot be reached', async () => {
    const env = { PATH: `${programs({ npm: 'echo npm error ECONNREFUSED; exit 1' })}:/bin` };
    await expect(findWith({ env })).rejects.toMatchObject({
      code: 'InstallFailed',
      message: expect.stringMatching(/cannot install osls@4\.3\.1; add osls or serverless[\s\S]*ECONNREFUSED/),
    });
  });

  it('needs a licence key for serverless 4, and says which variable', async () => {
    const files = {
      ...installed('node_modules/serverless', 'serverless', '4.4.0'),
      'package.json': named('serverless'),
    };
    await expect(find(files)).rejects.toMatchObject({
      code: 'FrameworkUnsupported',
      message: expect.stringContaining('SERVERLESS_LICENSE_KEY or SERVERLESS_ACCESS_KEY'),
    });
    await expect(find(files)).rejects.toThrow('seedbed env set --app shop --stage dev --secret SERVERLESS_LICENSE_KEY');
    expect(await find(files, '.', { SERVERLESS_ACCESS_KEY: 'key' })).toMatchObject({ version: '4.4.0' });
    const inConfig = { ...aConfig(), value: { licenseKey: '${ssm:/key}' } };
    expect((await findWith({ root: aDirectory(files) }, inConfig)).framework).toMatchObject({ version: '4.4.0' });
  });

  it('refuses what is older than serverless 3', async () => {
    await expect(
      find({ ...installed('node_modules/serverless', 'serverless', '2.72.0'), 'package.json': named('serverless') }),
    ).rejects.toMatchObject({
      code: 'FrameworkUnsupported',
      message: expect.stringContaining('serverless 2.72.0'),
    });
  });
});
