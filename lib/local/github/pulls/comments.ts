/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  readonly repositoryId: number;
  /** The pull request's number. */
  readonly number: number;
  readonly login: string;
  readonly body: string;
  readonly created: number;
  readonly updated: number;
}

/** The comments on pull requests, in the order in which they were written. */
export class Comments {
  readonly #comments = new Map<number, Comment>();
  #last = 0;

  constructor(private readonly now: () => number) {}

  add(comment: Pick<Comment, 'repositoryId' | 'number' | 'login' | 'body'>): Comment {
    this.#last += 1;
    const now = this.now();
    const added = { id: this.#last, ...comment, created: now, updated: now };
    this.#comments.set(added.id, added);
    return added;
  }

  /** @returns the comment, if it is in this repository. */
  get(repositoryId: number, id: number): Comment | undefined {
    const comment = this.#comments.get(id);
    return comment?.repositoryId === repositoryId ? comment : undefined;
  }

  of(repositoryId: number, number: number): readonly Comment[] {
    return [...this.#comments.values()].filter((one) => one.repositoryId === repositoryId && one.number === number);
  }

  change(comment: Comment, body: string): Comment {
    const changed = { ...comment, body, updated: this.now() };
    this.#comments.set(comment.id, changed);
    return changed;
  }
}
