import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackager } from '../../buildspec/bundle';
import { OWN_FRAMEWORKS } from '../../lib/packager/kinds/serverless/framework-version';
import { aDirectory } from './scratch';

describe('bundlePackager', () => {
  const directories: string[] = [];
  const filesOf = (directory: string) =>
    new Map(
      readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((file) => statSync(join(directory, file)).isFile())
        .map((file) => [file, readFileSync(join(directory, file), 'utf8')]),
    );

  beforeAll(() => {
    for (const directory of [aDirectory(), aDirectory()]) {
      bundlePackager(directory);
      directories.push(directory);
    }
  });

  it('makes the same source of a build wherever it is made', () => {
    const [one, other] = directories.map(filesOf);
    const frameworks = OWN_FRAMEWORKS.flatMap(({ name, version }) =>
      ['package.json', 'package-lock.json'].map((file) => `frameworks/${name}-${version}/${file}`),
    );
    const translator = ['requirements.in', 'requirements.txt', 'translate.py'].map((file) => `translator/${file}`);
    expect([...one!.keys()].sort()).toEqual(['buildspec.yml', ...frameworks, 'packager.js', ...translator].sort());
    expect(one).toEqual(other);
    expect(one!.get('packager.js')).not.toContain(join(__dirname, '..', '..'));
  });

  it('makes a packager that runs by itself and says what it misses', () => {
    const { status, stderr } = spawnSync(process.execPath, ['packager.js'], {
      cwd: directories[0],
      env: {},
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('SEEDBED_BUILD_REQUEST');
  });
});
