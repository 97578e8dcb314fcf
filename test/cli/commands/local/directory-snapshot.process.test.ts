import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pushSnapshot } from '../../../../lib/cli/commands/local/directory-snapshot';
import { listSnapshotFiles } from '../../../../lib/cli/commands/local/snapshot-files';

// Each test runs git many times.
jest.setTimeout(300_000);

let scratch: string;
let project: string;
let remote: string;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], { cwd, encoding: 'utf8' });

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
};

const snapshot = async (): Promise<string> =>
  pushSnapshot(project, await listSnapshotFiles(project), {
    url: pathToFileURL(remote).href,
    branch: 'snapshots',
    message: 'snapshot',
  });

const filesOf = (commit: string): string[] => git(remote, 'ls-tree', '-r', '--name-only', commit).trim().split('\n');

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'seedbed-test-'));
  [project, remote] = [join(scratch, 'project'), join(scratch, 'remote.git')];
  mkdirSync(project);
  git(scratch, 'init', '--quiet', '--bare', remote);
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('a snapshot of a directory that is in no git repository', () => {
  it('has all files but installed and generated ones', async () => {
    write({
      'serverless.yml': 'service: a',
      'src/list.js': '1',
      'node_modules/left-pad/index.js': '',
      'api/node_modules/x.js': '',
      'api/.serverless/state.json': '',
      '.env': 'A=1',
    });
    expect(filesOf(await snapshot())).toEqual(['.env', 'serverless.yml', 'src/list.js']);
  });

  it('keeps bytes, executable files and symbolic links as they are', async () => {
    write({ 'run.sh': '#!/bin/sh\r\n', 'a.txt': 'one\r\ntwo\n', '.gitattributes': '* text eol=lf\n' });
    chmodSync(join(project, 'run.sh'), 0o755);
    symlinkSync('a.txt', join(project, 'b.txt'));
    const commit = await snapshot();
    expect(git(remote, 'cat-file', 'blob', `${commit}:a.txt`)).toBe('one\r\ntwo\n');
    expect(git(remote, 'ls-tree', commit)).toMatch(/100755 blob \w+\trun.sh/);
    expect(git(remote, 'ls-tree', commit)).toMatch(/120000 blob \w+\tb.txt/);
    expect(git(remote, 'cat-file', 'blob', `${commit}:b.txt`)).toBe('a.txt');
  });

  it('takes names as they are', async () => {
    write({ 'a b/ü "quoted".js': '1', '-n': '2' });
    const commit = await snapshot();
    expect(git(remote, 'ls-tree', '-r', '-z', '--name-only', commit).split('\0')).toEqual([
      '-n',
      'a b/ü "quoted".js',
      '',
    ]);
  });
});

describe('a snapshot of a directory in a git repository', () => {
  beforeEach(() => git(project, 'init', '--quiet'));

  it('has tracked and untracked files as they are on disk, and no ignored one', async () => {
    write({ '.gitignore': 'dist/\n*.log\n', 'a.js': 'old', 'gone.js': '', 'kept.log': 'tracked' });
    git(project, 'add', '--force', '.');
    git(project, 'commit', '--quiet', '--message', 'first');
    write({ 'a.js': 'new', 'untracked.js': '', 'dist/out.js': '', 'b.log': '' });
    rmSync(join(project, 'gone.js'));
    const commit = await snapshot();
    expect(filesOf(commit)).toEqual(['.gitignore', 'a.js', 'kept.log', 'untracked.js']);
    expect(git(remote, 'cat-file', 'blob', `${commit}:a.js`)).toBe('new');
  });

  it('leaves the repository and its index untouched', async () => {
    write({ 'a.js': 'staged' });
    git(project, 'add', 'a.js');
    write({ 'a.js': 'changed', 'b.js': '' });
    const index = join(project, '.git', 'index');
    const before = {
      bytes: readFileSync(index),
      mtime: statSync(index).mtimeMs,
      objects: git(project, 'count-objects'),
    };
    await snapshot();
    expect({
      bytes: readFileSync(index),
      mtime: statSync(index).mtimeMs,
      objects: git(project, 'count-objects'),
    }).toEqual(before);
  });

  it('has the files of the directory only, when it lies below the root of the repository', async () => {
    write({ 'other/x.js': '', 'api/serverless.yml': '' });
    const files = await listSnapshotFiles(join(project, 'api'));
    expect(files.map(({ path }) => path)).toEqual(['serverless.yml']);
  });

  it('has the files of a directory that the repository ignores', async () => {
    write({ '.gitignore': 'tmp/\n', 'tmp/api/serverless.yml': '', 'tmp/api/node_modules/x.js': '' });
    const files = await listSnapshotFiles(join(project, 'tmp/api'));
    expect(files.map(({ path }) => path)).toEqual(['serverless.yml']);
  });

  it('has the files of a repository within it', async () => {
    write({ 'a.js': '', 'inner/.gitignore': 'x\n', 'inner/serverless.yml': '', 'inner/x': '' });
    git(join(project, 'inner'), 'init', '--quiet');
    const files = await listSnapshotFiles(project);
    expect(files.map(({ path }) => path)).toEqual(['a.js', 'inner/.gitignore', 'inner/serverless.yml']);
  });
});

describe('a second snapshot', () => {
  it('is a commit on top of the first', async () => {
    write({ 'a.js': '1' });
    const first = await snapshot();
    write({ 'a.js': '2' });
    const second = await snapshot();
    expect(git(remote, 'rev-parse', `${second}^`).trim()).toBe(first);
    expect(git(remote, 'rev-parse', 'snapshots').trim()).toBe(second);
  });

  it('is the first one if nothing has changed', async () => {
    write({ 'a.js': '1' });
    expect(await snapshot()).toBe(await snapshot());
  });
});

it('tells what git said when a snapshot cannot be pushed', async () => {
  write({ 'a.js': '1' });
  rmSync(remote, { recursive: true });
  await expect(snapshot()).rejects.toMatchObject({
    code: 'PushFailed',
    message: expect.stringContaining('remote.git'),
  });
});
