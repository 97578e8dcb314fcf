import { Answer, GitHubError } from './answer';

/** What goes wrong, until it is switched off. */
export interface FaultSettings {
  /** The hour's calls are used up until then (seconds since 1970); answered with 403, or 429 if so set. */
  readonly rateLimit?: { readonly until: number; readonly status?: 403 | 429 } | null;
  /** Too much at once: come back after so many seconds; for so many calls, or until it is switched off. */
  readonly secondaryLimit?: { readonly retryAfter: number; readonly calls?: number } | null;
  /** GitHub is down: the API, git or both (as it is if not said), for so many calls, or until it is switched off. */
  readonly outage?: { readonly status: number; readonly of?: 'api' | 'git'; readonly calls?: number } | null;
  /** How many of the next webhooks do not arrive. */
  readonly dropWebhooks?: number;
  /** Milliseconds that webhooks are late. */
  readonly webhookDelayMs?: number;
  /** Milliseconds that answers are late. */
  readonly delayMs?: number;
}

/** Faults that tests switch on: limits, outages, webhooks that get lost. */
export class Faults {
  #settings: FaultSettings = {};

  constructor(private readonly now: () => number) {}

  /** Adds to what goes wrong, or changes it. */
  set(settings: FaultSettings): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Everything is well again. */
  clear(): void {
    this.#settings = {};
  }

  get delayMs(): number {
    return this.#settings.delayMs ?? 0;
  }

  get webhookDelayMs(): number {
    return this.#settings.webhookDelayMs ?? 0;
  }

  /** When the hour's calls are used up: in how many seconds since 1970 there are new ones. */
  get usedUpUntil(): number | undefined {
    const until = this.#settings.rateLimit?.until;
    return until !== undefined && until * 1000 > this.now() ? until : undefined;
  }

  /** @returns what is answered while GitHub is down. */
  outage(of: 'api' | 'git'): Answer | undefined {
    const { outage } = this.#settings;
    if (!outage || (outage.of ?? of) !== of) return undefined;
    this.set({ outage: oneLess(outage) });
    return new Answer(outage.status, 'Unicorn! GitHub is not available.', { 'content-type': 'text/html' });
  }

  /** @returns what a call is answered that is one too many. */
  limit(): Answer | undefined {
    const { secondaryLimit, rateLimit } = this.#settings;
    if (this.usedUpUntil !== undefined) return usedUp(rateLimit?.status ?? 403);
    if (!secondaryLimit) return undefined;
    this.set({ secondaryLimit: oneLess(secondaryLimit) });
    return tooMuchAtOnce(secondaryLimit.retryAfter);
  }

  /** @returns whether the webhook that is sent now gets lost. */
  takeWebhook(): boolean {
    const { dropWebhooks = 0 } = this.#settings;
    if (dropWebhooks > 0) this.set({ dropWebhooks: dropWebhooks - 1 });
    return dropWebhooks > 0;
  }
}

/** @returns the fault after one more call has met it; null if that was the last. */
function oneLess<T extends { readonly calls?: number }>(fault: T): T | null {
  if (fault.calls === undefined) return fault;
  return fault.calls > 1 ? { ...fault, calls: fault.calls - 1 } : null;
}

const usedUp = (status: number): Answer =>
  new GitHubError(
    status,
    'API rate limit exceeded for installation. If you reach out to GitHub Support for help, please include the request ID.',
  ).answer();

const tooMuchAtOnce = (retryAfter: number): Answer =>
  new GitHubError(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
    headers: { 'retry-after': String(retryAfter) },
  }).answer();
