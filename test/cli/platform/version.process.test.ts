import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVersion, renderVersion } from '../../../lib/cli/platform/version';

let directory: string;
const git = (...args: string[]): string => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'seedbed-version-')));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ version: '1.2.3' }));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the version', () => {
  it('of a checkout has the commit that is checked out', () => {
    git('init', '--quiet');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--allow-empty', '--message', 'first');
    const commit = git('rev-parse', '--short', 'HEAD');
    expect(readVersion(directory)).toEqual({ version: '1.2.3', commit });
    expect(renderVersion({ version: '1.2.3', commit })).toBe(`1.2.3 (${commit})`);
  });

  it('has no commit where there is none, nor that of a repository around it', () => {
    expect(renderVersion(readVersion(directory))).toBe('1.2.3');
    git('init', '--quiet');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--allow-empty', '--message', 'around');
    mkdirSync(join(directory, 'inner'));
    writeFileSync(join(directory, 'inner', 'package.json'), JSON.stringify({ version: '1.2.4' }));
    expect(readVersion(join(directory, 'inner'))).toEqual({ version: '1.2.4' });
  });

  it('of the npm package is what was packed', () => {
    writeFileSync(join(directory, 'version.json'), JSON.stringify({ version: '1.2.3', commit: 'abcdef0' }));
    expect(readVersion(directory)).toEqual({ version: '1.2.3', commit: 'abcdef0' });
  });
});
