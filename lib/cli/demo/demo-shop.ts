import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReleaseError } from '../../core/contracts/errors';
import { GitError, git, reachDirectly } from '../platform/git';
import type { DemoPush } from './demo-act';
import { applyEdits } from './demo-edits';

/** What a push brought. */
interface PushedCommit {
  readonly commit: string;
  /** Changed files with their changed lines, as `git show --stat` has them. */
  readonly stat: readonly string[];
}

/** A working copy of the example, as a developer has one. */
export interface DemoShop {
  readonly directory: string;
  /** Goes to a branch, which begins where the working copy stands if there is none of this name. */
  switchTo(branch: string): Promise<void>;
  /** Makes the edits, commits and pushes them to the branch of the working copy. */
  push(push: Pick<DemoPush, 'message' | 'edits'>): Promise<PushedCommit>;
}

/** Where the shop comes from and where it is pushed to. */
export interface DemoShopOptions {
  /** The example's directory. */
  readonly example: string;
  /** Directory of the working copy; made. */
  readonly directory: string;
  /** The first branch. */
  readonly branch: string;
}

/** Of the example's directory only what belongs to the repository: someone may have worked in it. */
const GENERATED = /(^|\/)(node_modules|dist|\.serverless|\.git|__pycache__)(\/|$)/;
/** Nothing that the user's own git configuration asks for (signatures, hooks, line ends) belongs into the demo. */
const SETTINGS = {
  'user.name': 'Demo Developer',
  'user.email': 'developer@shop.example',
  'commit.gpgsign': 'false',
  'core.hooksPath': '/dev/null',
  'core.autocrlf': 'false',
};

/**
 * Makes the working copy; nothing is committed yet.
 * @param options see `DemoShopOptions`
 * @returns a function that names where to push, once that is known
 */
export async function prepareShop({
  example,
  directory,
  branch,
}: DemoShopOptions): Promise<(url: string) => Promise<DemoShop>> {
  await mkdir(directory, { recursive: true });
  await cp(example, directory, {
    recursive: true,
    filter: (source) => !GENERATED.test(source.slice(example.length)),
  });
  const run = async (...args: string[]) => (await git(args, { cwd: directory })).toString('utf8').trim();
  await run('init', '--quiet', `--initial-branch=${branch}`);
  for (const [key, value] of Object.entries(SETTINGS)) await run('config', key, value);

  const switchTo: DemoShop['switchTo'] = async (name) => {
    if ((await run('branch', '--show-current')) === name) return;
    const isThere = (await run('branch', '--list', name)) !== '';
    await run('switch', '--quiet', ...(isThere ? [name] : ['--create', name]));
  };
  const push: DemoShop['push'] = async ({ message, edits }) => {
    const texts = new Map<string, string>();
    for (const { file } of edits) texts.set(file, await readFile(join(directory, file), 'utf8'));
    for (const [file, text] of applyEdits((file) => texts.get(file)!, edits)) {
      await writeFile(join(directory, file), text);
    }
    await run('add', '--all');
    await run('commit', '--quiet', '--message', message);
    await run('push', '--quiet', '--set-upstream', 'origin', 'HEAD').catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      throw new ReleaseError('PushFailed', `git push from ${directory} failed: ${error.message}`, { cause: error });
    });
    const stat = await run('show', '--stat=100', '--format=', 'HEAD');
    return { commit: await run('rev-parse', 'HEAD'), stat: stat.split('\n').map((line) => line.trim()) };
  };

  return async (url) => {
    await run('remote', 'add', 'origin', url);
    const [, setting = ''] = reachDirectly(url);
    const [key, value = ''] = setting.split('=');
    await run('config', key!, value);
    return { directory, switchTo, push };
  };
}
