import { GitHubError } from '../http/answer';

/** One side of a pull request. */
export interface PullSide {
  readonly repositoryId: number;
  readonly branch: string;
  readonly sha: string;
}

/** A pull request. */
export interface Pull {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
  readonly login: string;
  readonly head: PullSide;
  readonly base: PullSide;
  readonly created: number;
  readonly updated: number;
  readonly closed: number | null;
  readonly merged: { readonly at: number; readonly by: string; readonly sha: string } | null;
}

/** The pull requests of all repositories, by repository and number. */
export class Pulls {
  readonly #pulls: Pull[] = [];
  readonly #numbers = new Map<number, number>();

  /** @param changing told of each that becomes another, with what it was; undefined of a new one */
  constructor(
    private readonly now: () => number,
    private readonly changing: (pull: Pull, before: Pull | undefined) => void,
  ) {}

  add(pull: Pick<Pull, 'title' | 'body' | 'draft' | 'login' | 'head' | 'base'>): Pull {
    const { repositoryId } = pull.base;
    const number = (this.#numbers.get(repositoryId) ?? 0) + 1;
    this.#numbers.set(repositoryId, number);
    const now = this.now();
    const id = this.#pulls.length + 1;
    const added = { id, number, ...pull, created: now, updated: now, closed: null, merged: null };
    this.#pulls.push(added);
    this.changing(added, undefined);
    return added;
  }

  /** @throws GitHubError 404 */
  get(repositoryId: number, number: number): Pull {
    const pull = this.#pulls.find((one) => one.base.repositoryId === repositoryId && one.number === number);
    if (!pull) throw new GitHubError(404, 'Not Found');
    return pull;
  }

  /** @returns the pull requests of a repository, newest first. */
  of(repositoryId: number): readonly Pull[] {
    return this.#pulls.filter(({ base }) => base.repositoryId === repositoryId).reverse();
  }

  /** @returns the open pull requests that have this branch on this side. */
  openOn(side: 'head' | 'base', repositoryId: number, branch: string): readonly Pull[] {
    return this.#pulls.filter(
      (pull) => pull.closed === null && pull[side].repositoryId === repositoryId && pull[side].branch === branch,
    );
  }

  change({ id }: Pull, change: Partial<Omit<Pull, 'id' | 'number' | 'created'>>): Pull {
    const index = this.#pulls.findIndex((one) => one.id === id);
    const before = this.#pulls[index];
    if (!before) throw new Error(`there is no pull request ${id}`);
    const after = { ...before, ...change, updated: this.now() };
    this.#pulls[index] = after;
    this.changing(after, before);
    return after;
  }
}
