import type { Repository } from '../core/release';

/** A connected repository, read through its host's API: enough to plan a release without a clone. */
export interface Source {
  /** @returns the commit a branch points at, or undefined if there is no such branch. */
  headCommit(repository: Repository, branch: string): Promise<string | undefined>;
  /** @returns all file paths of a commit's tree. Throws CommitNotFound. */
  listFiles(repository: Repository, commit: string): Promise<readonly string[]>;
  /**
   * Compares two trees, so that a force push or a rebase makes no difference. A renamed file counts under both names.
   * @returns the paths that differ, or `unknown` if the repository no longer has `base`.
   */
  changedFiles(repository: Repository, base: string, head: string): Promise<readonly string[] | 'unknown'>;
  /** @returns a file's text at a commit, or undefined if there is no such file. */
  readFile(repository: Repository, commit: string, path: string): Promise<string | undefined>;
  /** @returns the URL a build clones from; it carries no credentials. */
  cloneUrl(repository: Repository): Promise<string>;
}
