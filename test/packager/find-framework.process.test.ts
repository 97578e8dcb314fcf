import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findFramework } from '../../lib/packager/find-framework';
import { aDirectory, aWorkspace, programs } from './scratch';

/** Files of an installed framework in a directory of node_modules. */
const installed = (directory: string, name: string, version: string): Record<string, string> => ({
  [`${directory}/package.json`]: JSON.stringify({ name, version, bin: { serverless: 'bin/serverless.js', sls: 'x' } }),
});
const find = (files: Readonly<Record<string, string>>, service = '.', env: NodeJS.ProcessEnv = {}) =>
  findFramework(aWorkspace({ root: aDirectory(files), service, env: { PATH: '', ...env } }));

describe('findFramework', () => {
  it('takes the one of the service before that of the repository', async () => {
    const files = {
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
    expect(await find(installed('node_modules/serverless', 'osls', '4.3.1'))).toMatchObject({ name: 'osls' });
  });

  it('prefers what package.json names to what npm installed as the peer of a plug-in', async () => {
    const both = {
      ...installed('node_modules/osls', 'osls', '4.3.1'),
      ...installed('node_modules/serverless', 'serverless', '3.40.0'),
    };
    const named = (name: string) => ({ 'package.json': JSON.stringify({ devDependencies: { [name]: '*' } }) });
    expect(await find({ ...both, ...named('serverless') })).toMatchObject({ name: 'serverless' });
    expect(await find({ ...both, ...named('osls') })).toMatchObject({ name: 'osls' });
    expect(await find(both)).toMatchObject({ name: 'osls' });
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
    const calls = join(aDirectory(), 'calls');
    const npm = `echo "$@" >> ${calls}
      while [ "$1" != --prefix ]; do shift; done
      mkdir -p $2/node_modules/osls
      echo '{"name":"osls","version":"4.3.1","bin":"bin/osls.js"}' > $2/node_modules/osls/package.json`;
    const workspace = aWorkspace({ env: { PATH: `${programs({ npm })}:/bin:/usr/bin` } });
    const first = await findFramework(workspace);
    expect(first).toMatchObject({ name: 'osls', version: '4.3.1' });
    expect(first.program.startsWith(workspace.cacheDirectory)).toBe(true);
    expect(await findFramework(workspace)).toEqual(first);
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('says what to do if the registry cannot be reached', async () => {
    const env = { PATH: `${programs({ npm: 'echo npm error ECONNREFUSED; exit 1' })}:/bin` };
    await expect(findFramework(aWorkspace({ env }))).rejects.toMatchObject({
      code: 'InstallFailed',
      message: expect.stringMatching(/cannot install osls@4\.3\.1; add osls or serverless[\s\S]*ECONNREFUSED/),
    });
  });

  it('needs a licence key for serverless 4, and says which variable', async () => {
    const files = installed('node_modules/serverless', 'serverless', '4.4.0');
    await expect(find(files)).rejects.toMatchObject({
      code: 'FrameworkUnsupported',
      message: expect.stringContaining('SERVERLESS_LICENSE_KEY or SERVERLESS_ACCESS_KEY'),
    });
    expect(await find(files, '.', { SERVERLESS_ACCESS_KEY: 'key' })).toMatchObject({ version: '4.4.0' });
  });

  it('refuses what is older than serverless 3', async () => {
    await expect(find(installed('node_modules/serverless', 'serverless', '2.72.0'))).rejects.toMatchObject({
      code: 'FrameworkUnsupported',
      message: expect.stringContaining('serverless 2.72.0'),
    });
  });
});
