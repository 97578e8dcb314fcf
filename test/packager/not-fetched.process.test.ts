import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../lib/packager/checkout';
import { aDirectory, aRepository, git, programs, writeFiles } from './scratch';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n';
const WITH_LFS = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text', 'data/big.bin': POINTER };

async function checkOut({ directory: origin, commit }: { directory: string; commit: string }, bin?: string) {
  const lines: string[] = [];
  const directory = join(aDirectory(), 'source');
  const env = { ...process.env, PATH: bin ? `${bin}:${process.env.PATH}` : process.env.PATH };
  const request = { cloneUrl: `file://${origin}`, commit, directory, env };
  const error = await checkout(request, (line) => lines.push(line)).catch((one) => one);
  return { directory, lines: lines.join('\n'), error };
}

describe('what a checkout lacks', () => {
  it('is nothing, most often, and nothing is said', async () => {
    expect((await checkOut(aRepository({ 'a.txt': '' }))).lines).toBe('');
  });

  it('are submodules, by their directories', async () => {
    const origin = aRepository({ 'a.txt': '' });
    writeFiles(origin.directory, {
      '.gitmodules': '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://example.com/lib.git\n',
    });
    git(origin.directory, 'add', '--all');
    git(origin.directory, 'update-index', '--add', '--cacheinfo', `160000,${origin.commit},vendor/lib`);
    git(origin.directory, 'commit', '--quiet', '--message=second');
    const commit = git(origin.directory, 'rev-parse', 'HEAD');
    const { lines, error } = await checkOut({ ...origin, commit });
    expect([error, lines]).toEqual([
      undefined,
      expect.stringMatching(/^warning: submodules are not fetched.*: vendor\/lib;/),
    ]);
  });

  it('are files of Git LFS where there is no git-lfs', async () => {
    const none = programs({ 'git-lfs': 'exit 127' });
    const { lines, error } = await checkOut(aRepository(WITH_LFS), none);
    expect([error, lines]).toEqual([
      undefined,
      expect.stringMatching(/^warning: files in Git LFS are not fetched.*: data\/big\.bin$/),
    ]);
  });

  it('are not files of Git LFS where there is git-lfs, which takes them from the repository itself', async () => {
    const calls = join(aDirectory(), 'calls');
    const lfs = programs({
      'git-lfs': `echo "$1 $(git config lfs.url)" >> ${calls}; test "$1" != pull || echo big > data/big.bin`,
    });
    const origin = aRepository({ ...WITH_LFS, '.lfsconfig': '[lfs]\n\turl = https://elsewhere.example.com\n' });
    const { directory, lines, error } = await checkOut(origin, lfs);
    expect([error, lines]).toEqual([undefined, 'fetching 1 files of Git LFS']);
    expect(readFileSync(join(directory, 'data/big.bin'), 'utf8')).toBe('big\n');
    expect(readFileSync(calls, 'utf8')).toContain(`pull file://${origin.directory}/info/lfs\n`);
  });

  it('stops the build if git-lfs cannot fetch them', async () => {
    const lfs = programs({ 'git-lfs': 'test "$1" != pull || { echo "batch response: not found" >&2; exit 2; }' });
    expect((await checkOut(aRepository(WITH_LFS), lfs)).error).toMatchObject({
      code: 'BuildFailed',
      message: expect.stringContaining('batch response: not found'),
    });
  });
});
