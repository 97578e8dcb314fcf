import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import type { Workspace } from '../../lib/packager/workspace';

// These tests run git, npm and the framework, which on a busy machine take longer than a unit test may.
jest.setTimeout(300_000);

const made: string[] = [];
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** @returns a new directory that goes when the test file ends, with these files in it. */
export function aDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'packager-')));
  made.push(directory);
  writeFiles(directory, files);
  return directory;
}

/** @param files content by path below the directory */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** @returns a directory for the PATH with programs in it that are these shell scripts. */
export function programs(scripts: Readonly<Record<string, string>>): string {
  const directory = aDirectory(mapScripts(scripts));
  for (const name of Object.keys(scripts)) chmodSync(join(directory, name), 0o755);
  return directory;
}

const mapScripts = (scripts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, `#!/bin/sh\n${script}\n`]));

/** A workspace over a directory; `lines` is what it logged. */
export function aWorkspace(more: Partial<Workspace> = {}): Workspace & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    root: more.root ?? aDirectory(),
    service: '.',
    app: 'shop',
    stage: 'dev',
    region: 'eu-central-1',
    cacheDirectory: aDirectory(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    clock: SYSTEM_CLOCK,
    log: (line) => lines.push(line),
    lines,
    ...more,
  };
}

const GIT_ENV = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** Runs git in a directory. @returns what it printed */
export const git = (directory: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: directory, env: GIT_ENV, encoding: 'utf8', stdio: 'pipe' }).trim();

/** @returns a repository with one commit of these files. */
export function aRepository(files: Readonly<Record<string, string>>): { directory: string; commit: string } {
  const directory = aDirectory(files);
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message=first');
  return { directory, commit: git(directory, 'rev-parse', 'HEAD') };
}
