import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackager } from '../../buildspec/bundle';
import { aDirectory } from './scratch';

describe('bundlePackager', () => {
  const directories: string[] = [];
  const filesOf = (directory: string) =>
    new Map(readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), 'utf8')]));

  beforeAll(() => {
    for (const directory of [aDirectory(), aDirectory()]) {
      bundlePackager(directory);
      directories.push(directory);
    }
  });

  it('makes the same source of a build wherever it is made', () => {
    const [one, other] = directories.map(filesOf);
    expect([...one!.keys()].sort()).toEqual(['buildspec.yml', 'packager.js']);
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
