import type { Repository } from '../core/contracts/release';
import type { Lineage } from '../core/trigger/tag-order';

/** A branch or a tag, by its name. */
export type Ref = { readonly branch: string } | { readonly tag: string };

/** The commit at the end of a branch or tag. */
export interface Head {
  readonly commit: string;
  /** Its whole message. */
  readonly message: string;
  /** What the reference itself points at, where that is another object: an annotated tag. */
  readonly object?: string;
}

/** A pull request as it is now. */
export interface PullRequestReading {
  readonly number: number;
  readonly state: 'open' | 'closed';
  /** Base branch. */
  readonly into: string;
  readonly branch: string;
  readonly head: Head;
  /** Whether its commits belong to another repository: then nothing of it may run. */
  readonly isFork: boolean;
}

/** An open pull request, as a list of all of them has it. */
type OpenPullRequest = Pick<PullRequestReading, 'number' | 'into' | 'branch' | 'isFork'> & {
  /** The commit at its end. */
  readonly commit: string;
};

/** `unknown`: on none of those that were looked at, and there are more. */
type CommitPlace = 'reachable' | 'unreachable' | 'unknown';

/** A connected repository, read through its host's API: enough to plan a release without a clone. */
export interface Source {
  /** @returns the host's id of the repository that has this name now: a renamed one keeps its id. */
  repositoryId(repository: Repository): Promise<string>;
  /**
   * Looks whether a commit is on a branch or tag of this very repository. GitHub shows a commit of a fork under its
   * parent's name, too.
   * @param branches where it may well be: they are looked at first
   */
  findCommit(repository: Repository, commit: string, branches: readonly string[]): Promise<CommitPlace>;
  /** @returns a commit by its hash; undefined if the repository has none such. */
  commit(
    repository: Repository,
    commit: string,
  ): Promise<{ readonly message: string; readonly parents: readonly string[] } | undefined>;
  /** @returns how a commit stands to another; `diverged` also if the repository no longer has one of them. */
  lineage(repository: Repository, commit: string, other: string): Promise<Lineage>;
  /** @returns what a branch or tag points at, or undefined if there is no such branch or tag. */
  head(repository: Repository, ref: Ref): Promise<Head | undefined>;
  /** @returns the commit that each branch points at, by branch. */
  branches(repository: Repository): Promise<ReadonlyMap<string, string>>;
  /** @returns what each tag that begins with one of these points at (a commit, or an annotated tag), by tag. */
  tags(repository: Repository, prefixes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** @returns undefined if no pull request has that number, or Seedbed does not read the host's pull requests. */
  pullRequest(repository: Repository, number: number): Promise<PullRequestReading | undefined>;
  openPullRequests(repository: Repository): Promise<readonly OpenPullRequest[]>;
  /** @returns all file paths of a commit's tree. Throws CommitNotFound. */
  listFiles(repository: Repository, commit: string): Promise<readonly string[]>;
  /**
   * @returns what is written in each symbolic link of a commit's tree, by the link's path; undefined for those that
   *   were not read, because there are too many. Throws CommitNotFound.
   */
  symbolicLinks(repository: Repository, commit: string): Promise<ReadonlyMap<string, string | undefined>>;
  /**
   * Compares two trees, so that a force push or a rebase makes no difference. A renamed file counts under both names.
   * @returns the paths that differ, or `unknown` if the repository no longer has `base`.
   */
  changedFiles(repository: Repository, base: string, head: string): Promise<readonly string[] | 'unknown'>;
  /**
   * @returns those of the changed files that are plain files in both trees: what differs is their content, or whether
   *   they may be executed. None if the repository no longer has `base`.
   */
  editedFiles(repository: Repository, base: string, head: string): Promise<ReadonlySet<string>>;
  /** @returns a file's text at a commit, or undefined if there is no such file. */
  readFile(repository: Repository, commit: string, path: string): Promise<string | undefined>;
  /** @returns the URL a build clones from; it carries no credentials. */
  cloneUrl(repository: Repository): Promise<string>;
  /**
   * @returns a token that can clone this repository and do nothing else, and the ISO time until which it is valid;
   *   undefined where the build's own role may clone
   */
  cloneToken(repository: Repository): Promise<{ readonly token: string; readonly until: string } | undefined>;
}
