import { ReleaseError } from '../core/contracts/errors';
import { nameSome } from '../core/text/name-some';
import type { CommandResult, Log } from './run-command';

/** Runs git in the checkout. @param log takes what it writes */
export type Git = (args: readonly string[], log: Log) => Promise<CommandResult>;

/**
 * Fetches what Git LFS keeps elsewhere, where git-lfs is at hand, and says what a checkout lacks: submodules never are
 * fetched, since their repositories are not connected.
 *
 * @throws ReleaseError `BuildFailed` if git-lfs is there and cannot fetch
 */
export async function completeCheckout(git: Git, cloneUrl: string, log: Log): Promise<void> {
  const modules = await lines(git, [
    'config',
    '--blob',
    'HEAD:.gitmodules',
    '--get-regexp',
    String.raw`^submodule\..*\.path$`,
  ]);
  if (modules.length > 0) {
    const paths = modules.map((line) => line.slice(line.indexOf(' ') + 1));
    log(
      `warning: submodules are not fetched, so their directories are empty: ${nameSome(paths)}; copy what is ` +
        'needed into the repository, or install it as a package',
    );
  }
  const large = await lines(git, ['ls-files', '--', ':(attr:filter=lfs)']);
  if (large.length > 0) await fetchLarge(git, { cloneUrl, files: large }, log);
}

async function fetchLarge(
  git: Git,
  { cloneUrl, files }: { readonly cloneUrl: string; readonly files: readonly string[] },
  log: Log,
): Promise<void> {
  const isThere = (await git(['lfs', 'version'], () => {})).exitCode === 0;
  if (!isThere) {
    log(
      "warning: files in Git LFS are not fetched, because the build's image has no git-lfs; these are only " +
        `pointers: ${nameSome(files)}`,
    );
    return;
  }
  log(`fetching ${files.length} files of Git LFS`);
  // Without its filters, git-lfs fetches and then leaves the pointers where they are.
  await git(['lfs', 'install', '--local'], () => {});
  // The repository's own .lfsconfig has no say in where files come from.
  const { exitCode, lastLines } = await git(['-c', `lfs.url=${cloneUrl}/info/lfs`, 'lfs', 'pull'], log);
  if (exitCode !== 0) {
    throw new ReleaseError('BuildFailed', `git-lfs cannot fetch the files it keeps:\n${lastLines.join('\n')}`);
  }
}

async function lines(git: Git, args: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const { exitCode } = await git(args, (line) => found.push(line));
  return exitCode === 0 ? found : [];
}
