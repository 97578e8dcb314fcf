import type { Repository } from '../../core/contracts/release';
import { git } from './git';

/**
 * As git knows CodeCommit: HTTPS, SSH and the remote helper
 * (https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html); and the local cloud.
 */
const CODE_COMMIT = [/\/v1\/repos\/([\w.-]+)$/, /^codecommit(?:::[\w-]+)?:\/\/(?:[^@/]+@)?([\w.-]+)$/];
/** Of GitHub or a GitHub Enterprise Server: `git@host:owner/name` and any URL that ends so. */
const GITHUB = /^(?:[\w.-]+@[\w.-]+:|[a-z+]+:\/\/(?:[^@/]+@)?[\w.-]+(?::\d+)?\/)([\w.-]+\/[\w.-]+)$/;

/** @returns the repository that the URL of a git remote is of; undefined if no app can be connected to it. */
export function repositoryOfRemote(url: string): Repository | undefined {
  const trimmed = url
    .trim()
    .replace(/(?<!\/)\/+$/, '')
    .replace(/\.git$/, '');
  for (const pattern of CODE_COMMIT) {
    const name = pattern.exec(trimmed)?.[1];
    if (name !== undefined) return { provider: 'codecommit', name };
  }
  const name = GITHUB.exec(trimmed)?.[1];
  return name === undefined ? undefined : { provider: 'github', name };
}

/** @param output of `git remote -v`. @returns the repositories of all remotes, `origin` first. */
export function repositoriesOfRemotes(output: string): readonly Repository[] {
  const lines = output.split('\n').map((line) => line.split(/\s+/));
  const sorted = [...lines].sort(([a], [b]) => Number(b === 'origin') - Number(a === 'origin'));
  return sorted.flatMap(([, url]) => {
    const repository = url === undefined ? undefined : repositoryOfRemote(url);
    return repository ? [repository] : [];
  });
}

/** @returns the repositories that a directory's remotes are of; none outside of a repository, or without git. */
export async function repositoriesHere(directory: string): Promise<readonly Repository[]> {
  try {
    return repositoriesOfRemotes((await git(['remote', '-v'], { cwd: directory })).toString('utf8'));
  } catch {
    return [];
  }
}

/** @returns whether both are the same repository, in whatever capitals they are written. */
export const isSameRepository = (a: Repository, b: Repository): boolean =>
  a.provider === b.provider && a.name.toLowerCase() === b.name.toLowerCase();
