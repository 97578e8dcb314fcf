/** A status that somebody gave a commit. */
export interface Status {
  readonly id: number;
  readonly repositoryId: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly targetUrl: string | null;
  readonly description: string | null;
  /** What the status is about; for each context the newest counts. */
  readonly context: string;
  readonly login: string;
  readonly created: number;
}

/** The statuses of commits, which are never changed or deleted. */
export class Statuses {
  readonly #statuses: Status[] = [];

  constructor(private readonly now: () => number) {}

  add(status: Omit<Status, 'id' | 'created'>): Status {
    const added = { id: this.#statuses.length + 1, ...status, created: this.now() };
    this.#statuses.push(added);
    return added;
  }

  /** @returns those of a commit, newest first. */
  of(repositoryId: number, sha: string): readonly Status[] {
    return this.#statuses.filter((one) => one.repositoryId === repositoryId && one.sha === sha).reverse();
  }

  /** @returns the newest of each context. */
  latest(repositoryId: number, sha: string): readonly Status[] {
    const all = this.of(repositoryId, sha);
    return all.filter(({ context }, i) => all.findIndex((one) => one.context === context) === i);
  }
}
