import { Answer, GitHubError, secondaryLimitError } from './answer';

/** What goes wrong until it is switched off. */
export interface FaultSettings {
  /**
   * The hour's calls are used up until `until` (seconds since 1970); calls are answered with `status`, 403 if not
   * given.
   */
  readonly rateLimit?: { readonly until: number; readonly status?: 403 | 429 } | null;
  /** The secondary limit is hit: callers are to come back after `retryAfter` seconds. It lasts for `calls` calls. */
  readonly secondaryLimit?: { readonly retryAfter: number; readonly calls?: number } | null;
  /** GitHub is down: the API, git or, if `of` is not given, both. It lasts for `calls` calls. */
  readonly outage?: { readonly status: number; readonly of?: 'api' | 'git'; readonly calls?: number } | null;
  /** How many of the next webhooks get lost. */
  readonly dropWebhooks?: number;
  /** Milliseconds by which webhooks are late. */
  readonly webhookDelayMs?: number;
  /** Milliseconds by which the API shows branches, tags and pull requests later than webhooks tell of them. */
  readonly apiLagMs?: number;
  /** Milliseconds by which answers are late. */
  readonly delayMs?: number;
}

/** The faults that tests switch on: limits, outages, lost webhooks. */
export class Faults {
  #settings: FaultSettings = {};

  constructor(private readonly now: () => number) {}

  /** Switches faults on or off; others stay as they are. */
  set(settings: FaultSettings): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Switches all faults off. */
  clear(): void {
    this.#settings = {};
  }

  get delayMs(): number {
    return this.#settings.delayMs ?? 0;
  }

  get apiLagMs(): number {
    return this.#settings.apiLagMs ?? 0;
  }

  get webhookDelayMs(): number {
    return this.#settings.webhookDelayMs ?? 0;
  }

  /** If the hour's calls are used up, when there will be new ones, in seconds since 1970. */
  get usedUpUntil(): number | undefined {
    const until = this.#settings.rateLimit?.until;
    return until !== undefined && until * 1000 > this.now() ? until : undefined;
  }

  /** @returns the answer of a call if GitHub is down. */
  outage(of: 'api' | 'git'): Answer | undefined {
    const { outage } = this.#settings;
    if (!outage || (outage.of ?? of) !== of) return undefined;
    this.set({ outage: oneLess(outage) });
    return new Answer(outage.status, 'Unicorn! GitHub is not available.', { 'content-type': 'text/html' });
  }

  /** @returns the answer of a call if that is one too many. */
  limit(): Answer | undefined {
    const { secondaryLimit, rateLimit } = this.#settings;
    if (this.usedUpUntil !== undefined) return usedUp(rateLimit?.status ?? 403);
    if (!secondaryLimit) return undefined;
    this.set({ secondaryLimit: oneLess(secondaryLimit) });
    return secondaryLimitError(secondaryLimit.retryAfter).answer();
  }

  /** @returns whether the webhook that is being sent gets lost. */
  takeWebhook(): boolean {
    const { dropWebhooks = 0 } = this.#settings;
    if (dropWebhooks > 0) this.set({ dropWebhooks: dropWebhooks - 1 });
    return dropWebhooks > 0;
  }
}

/** @returns the fault after one more call; null if that was the last. */
function oneLess<T extends { readonly calls?: number }>(fault: T): T | null {
  if (fault.calls === undefined) return fault;
  return fault.calls > 1 ? { ...fault, calls: fault.calls - 1 } : null;
}

const usedUp = (status: number): Answer =>
  new GitHubError(
    status,
    'API rate limit exceeded for installation. ' +
      'If you reach out to GitHub Support for help, please include the request ID.',
  ).answer();
