import { type MovedReference, NOTHING } from '../../git/moved-references';
import type { Reference } from './references';

/** Nobody lets the API lag for longer than it takes to move so many references. */
const KEPT = 10_000;

/**
 * What the API shows of references and pull requests while it lags: what they were before they moved. GitHub's API may
 * be behind its webhooks by some seconds.
 */
export class Lag {
  readonly #moves: { readonly at: number; readonly key: string; readonly before: unknown }[] = [];

  /** @param lagMs by how many milliseconds the API lags at this moment */
  constructor(
    private readonly now: () => number,
    private readonly lagMs: () => number,
  ) {}

  /** Remembers what something was, which has just become something else. */
  note(key: string, before: unknown): void {
    this.#moves.push({ at: this.now(), key, before });
    if (this.#moves.length > KEPT) this.#moves.shift();
  }

  noteReferences(repositoryId: number, moved: readonly MovedReference[]): void {
    for (const { name, before } of moved) this.note(`${repositoryId} ${name}`, before === NOTHING ? undefined : before);
  }

  /** @param now what it is @returns what the API shows of it */
  shown<T>(key: string, now: T): T {
    const since = this.now() - this.lagMs();
    const move = this.#moves.find((one) => one.key === key && one.at > since);
    return move ? (move.before as T) : now;
  }

  /** @returns the object that the API shows a reference at, by its full name */
  sha(repositoryId: number, name: string, now: string | undefined): string | undefined {
    return this.shown(`${repositoryId} ${name}`, now);
  }

  /** @returns references as the API shows them; one that is gone, or is an annotated tag, is as it is now */
  references(repositoryId: number, now: readonly Reference[]): readonly Reference[] {
    return now.flatMap((one) => {
      const sha = this.sha(repositoryId, one.name, one.sha);
      return sha === undefined ? [] : [sha === one.sha ? one : { ...one, sha }];
    });
  }
}
