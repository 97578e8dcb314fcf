/** How often one route was called. */
export interface GitHubCallCount {
  /**
   * The route as documented, such as `GET /repos/{owner}/{repo}/branches/{branch}`; the path itself if there is no such
   * route; `git-upload-pack` or `git-receive-pack` for git.
   */
  readonly route: string;
  readonly count: number;
  /** How many of them were answered with a status of 400 or more. */
  readonly errors: number;
}

/** Counts the calls of each route. */
export class CallCounts {
  readonly #counts = new Map<string, GitHubCallCount>();

  note(route: string, status: number): void {
    const { count, errors } = this.#counts.get(route) ?? { count: 0, errors: 0 };
    this.#counts.set(route, { route, count: count + 1, errors: errors + (status >= 400 ? 1 : 0) });
  }

  reset(): void {
    this.#counts.clear();
  }

  /** @returns all counts since the last reset, by route. */
  read(): readonly GitHubCallCount[] {
    return [...this.#counts.values()].sort((a, b) => a.route.localeCompare(b.route));
  }
}
