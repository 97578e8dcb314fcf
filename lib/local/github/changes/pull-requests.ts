import { git } from '../../git/git';
import { type MovedReference, NOTHING } from '../../git/moved-references';
import { unprocessable, validationFailed } from '../http/answer';
import { fullPullJson } from '../json/pull-json';
import { type RepositoryJsonParts, repositoryJson } from '../json/repository-json';
import { type Pull, Pulls } from '../pulls/pulls';
import { isWithin } from '../repositories/commits';
import type { Lag } from '../repositories/lag';
import { branchHead } from '../repositories/references';
import type { Repository } from '../repositories/repositories';
import type { Webhooks } from '../webhooks/webhooks';

export interface PullRequestsParts extends RepositoryJsonParts {
  readonly webhooks: Webhooks;
  readonly lag: Lag;
  readonly now: () => number;
}

/** A pull request to open. */
export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
  readonly base: string;
  readonly head: { readonly repository: Repository; readonly branch: string };
}

/** Changes pull requests, and sends the webhooks that report it. */
export class PullRequests {
  readonly pulls: Pulls;

  constructor(private readonly parts: PullRequestsParts) {
    this.pulls = new Pulls(parts.now, ({ id }, before) => parts.lag.note(`pull ${id}`, before));
  }

  /** @throws GitHubError 422 */
  async open(repository: Repository, wanted: NewPull, login: string): Promise<Pull> {
    const { head, base } = wanted;
    const [headSha, baseSha] = await Promise.all([
      branchHead(head.repository.directory, head.branch),
      branchHead(repository.directory, base),
    ]);
    if (!headSha) throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
    if (!baseSha) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
    const same = this.pulls.openOn('head', head.repository.id, head.branch);
    if (same.some((pull) => pull.base.repositoryId === repository.id && pull.base.branch === base))
      throw unprocessable('PullRequest', `A pull request already exists for ${head.repository.owner}:${head.branch}.`);
    await bring(repository, head, headSha);
    if (await isWithin(repository.directory, headSha, baseSha))
      throw unprocessable('PullRequest', `No commits between ${base} and ${head.branch}`);
    const pull = this.pulls.add({
      title: wanted.title,
      body: wanted.body,
      draft: wanted.draft,
      login,
      head: { repositoryId: head.repository.id, branch: head.branch, sha: headSha },
      base: { repositoryId: repository.id, branch: base, sha: baseSha },
    });
    await refer(repository, pull);
    this.#tell(pull, 'opened', login);
    return pull;
  }

  /** Closes a pull request without merging it; does nothing if it is closed already. */
  close(pull: Pull, login: string): Pull {
    if (pull.closed !== null) return pull;
    const closed = this.pulls.change(pull, { closed: this.parts.now() });
    this.#tell(closed, 'closed', login);
    return closed;
  }

  /** Reopens a closed pull request at its branch's head. @throws GitHubError 422 */
  async reopen(pull: Pull, login: string): Promise<Pull> {
    if (pull.closed === null) return pull;
    const head = this.parts.repositories.get(pull.head.repositoryId);
    const sha = head && (await branchHead(head.directory, pull.head.branch));
    if (pull.merged || !head || !sha)
      throw unprocessable('PullRequest', 'state cannot be changed. The branch was deleted or merged.');
    const base = this.parts.repositories.get(pull.base.repositoryId) ?? head;
    await bring(base, { repository: head, branch: pull.head.branch }, sha);
    const opened = this.pulls.change(pull, { closed: null, head: { ...pull.head, sha } });
    await refer(base, opened);
    this.#tell(opened, 'reopened', login);
    return opened;
  }

  /** Changes title, body or base branch. */
  edit(pull: Pull, change: Partial<Pick<Pull, 'title' | 'body' | 'base'>>, login: string): Pull {
    const edited = this.pulls.change(pull, change);
    this.#tell(edited, 'edited', login, { changes: changesOf(pull, edited) });
    return edited;
  }

  /** Updates the pull requests of a branch that moved: it has new commits, was deleted, or was pushed to their base. */
  async follow(repository: Repository, { name, before, after }: MovedReference, login: string): Promise<void> {
    const branch = name.replace('refs/heads/', '');
    for (const pull of this.pulls.openOn('head', repository.id, branch)) {
      if (after === NOTHING) this.close(pull, login);
      else await this.#synchronize(pull, { repository, before, after, login });
    }
    if (after === NOTHING) return;
    for (const pull of this.pulls.openOn('base', repository.id, branch))
      if (await isWithin(repository.directory, pull.head.sha, after)) this.#merged(pull, after, login);
  }

  async #synchronize(
    pull: Pull,
    push: { readonly repository: Repository; readonly before: string; readonly after: string; readonly login: string },
  ): Promise<void> {
    const { repository, before, after, login } = push;
    const base = this.parts.repositories.get(pull.base.repositoryId);
    if (!base || pull.head.sha === after) return;
    await bring(base, { repository, branch: pull.head.branch }, after);
    const changed = this.pulls.change(pull, { head: { ...pull.head, sha: after } });
    await refer(base, changed);
    this.#tell(changed, 'synchronize', login, { before, after });
  }

  #merged(pull: Pull, sha: string, login: string): Pull {
    const at = this.parts.now();
    const merged = this.pulls.change(pull, { closed: at, merged: { at, by: login, sha } });
    this.#tell(merged, 'closed', login);
    return merged;
  }

  #tell(pull: Pull, action: string, login: string, more: Readonly<Record<string, unknown>> = {}): void {
    const { webhooks, repositories, accounts } = this.parts;
    const repository = repositories.get(pull.base.repositoryId);
    if (!repository) return;
    webhooks.emit(repository, 'pull_request', {
      action,
      number: pull.number,
      pull_request: fullPullJson(this.parts, pull),
      ...more,
      repository: repositoryJson(this.parts, repository),
      sender: accounts.json(login),
    });
  }
}

/** @returns what an edit has changed, with what was there before */
function changesOf(before: Pull, after: Pull) {
  const { title, body, base } = before;
  return {
    ...(after.title === title ? {} : { title: { from: title } }),
    ...(after.body === body ? {} : { body: { from: body ?? '' } }),
    ...(after.base.branch === base.branch ? {} : { base: { ref: { from: base.branch }, sha: { from: base.sha } } }),
  };
}

/** Fetches a commit of a fork into the repository that is asked to pull it. */
async function bring(into: Repository, from: NewPull['head'], sha: string): Promise<void> {
  if (from.repository.id === into.id) return;
  await git(into.directory, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from.repository.directory, sha]);
}

/** As at GitHub, git can fetch a pull request as `refs/pull/<number>/head`. */
async function refer(repository: Repository, { number, head }: Pull): Promise<void> {
  await git(repository.directory, ['update-ref', `refs/pull/${number}/head`, head.sha]);
}
