import { secondaryLimitError } from '../http/answer';
import type { Limits } from '../http/limits';
import { type Caller, keyOf } from './caller';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Counts the requests with which each caller creates content, within the last minute and the last hour: the secondary
 * rate limit of docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits.
 * GitHub does not say which requests these are; here they are all that write, but for those that delete.
 */
export class ContentLimit {
  /** When each caller's requests of the last hour were made, in milliseconds, the oldest first. */
  readonly #made = new Map<string, readonly number[]>();

  constructor(
    private readonly limits: Limits,
    private readonly now: () => number,
  ) {}

  /**
   * Counts a request. One that is refused is not counted.
   * @throws GitHubError 403 with the seconds after which to come back
   */
  take(caller: Caller, method: string): void {
    if (!CREATING.includes(method) || caller.kind === 'app') return;
    const now = this.now();
    const made = (this.#made.get(keyOf(caller)) ?? []).filter((at) => at > now - HOUR_MS);
    const { contentPerMinute, contentPerHour } = this.limits;
    const free = Math.max(freeAt(made, contentPerMinute, MINUTE_MS), freeAt(made, contentPerHour, HOUR_MS));
    if (free > now) throw secondaryLimitError(Math.ceil((free - now) / 1000));
    this.#made.set(keyOf(caller), [...made, now]);
  }
}

const CREATING = ['POST', 'PUT', 'PATCH'];

/** @returns when one more of at most `most` requests within `span` milliseconds can be made. */
function freeAt(made: readonly number[], most: number, span: number): number {
  if (most <= 0) return Number.MAX_SAFE_INTEGER;
  const oldest = made.at(-most);
  return oldest === undefined ? 0 : oldest + span;
}
