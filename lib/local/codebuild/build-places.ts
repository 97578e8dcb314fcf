import { availableParallelism } from 'node:os';
import { type AccountQuotas, quotaError } from '../quotas/account-quotas';
import { AMOUNTS, type AmountName } from '../quotas/amounts';
import type { Project } from './build-record';

/** As many builds run at once as the machine has processors, but at least two, whatever the quotas are. */
const MOST_AT_ONCE = Math.max(2, availableParallelism());

/** What a build takes a place of. */
export interface PlaceOf {
  readonly accountId: string;
  readonly region: string;
  readonly environment: Project['environment'];
  /** A fleet, and how many builds run in it at once; others wait, as many as there are. */
  readonly fleet?: { readonly arn: string; readonly most: number };
}

/**
 * Lets builds run when there is room: as many of a compute type at once as the account may, and as the machine can.
 * Others wait in the order in which they were started.
 */
export class BuildPlaces {
  readonly #running = new Map<string, number>();
  readonly #waiting: { readonly key: string; readonly most: number; readonly go: () => void }[] = [];

  constructor(
    private readonly quotas: AccountQuotas,
    private readonly mostAtOnce = MOST_AT_ONCE,
  ) {}

  /**
   * Takes a place in the queue of its compute type.
   * @returns resolves when the build may run, with what to call when it has ended
   * @throws AwsError `AccountLimitExceededException` if as many run and wait as may
   */
  take(place: PlaceOf): Promise<() => void> {
    const { fleet } = place;
    const quota = fleet ? undefined : quotaOf(place.environment);
    const key = fleet ? fleet.arn : `${place.accountId} ${place.region} ${quota}`;
    const most = fleet?.most ?? (quota ? this.quotas.amount(quota, place.accountId) : Number.POSITIVE_INFINITY);
    if (quota) {
      const queue = most * this.quotas.amount('codebuild-waiting-for-each', place.accountId);
      const waiting = this.#waiting.filter((one) => one.key === key).length;
      if ((this.#running.get(key) ?? 0) + waiting >= most + queue) throw quotaError(quota, most);
    }
    return new Promise((resolve) => {
      this.#waiting.push({ key, most, go: () => resolve(() => this.#free(key)) });
      this.#next();
    });
  }

  #free(key: string): void {
    this.#running.set(key, (this.#running.get(key) ?? 0) - 1);
    this.#next();
  }

  /** Lets those run for whom there is room now, first those that have waited longest. */
  #next(): void {
    for (;;) {
      const all = [...this.#running.values()].reduce((sum, count) => sum + count, 0);
      const index = this.#waiting.findIndex(({ key, most }) => (this.#running.get(key) ?? 0) < most);
      const [first] = all < this.mostAtOnce && index >= 0 ? this.#waiting.splice(index, 1) : [];
      if (!first) return;
      this.#running.set(first.key, (this.#running.get(first.key) ?? 0) + 1);
      first.go();
    }
  }
}

/** @returns the quota of a build's platform and compute type; undefined of those that the table does not have. */
function quotaOf(environment: Project['environment']): AmountName | undefined {
  const platform = environment?.type?.replace(/_CONTAINER$/, '');
  const size = environment?.computeType?.replace(/^BUILD_(GENERAL1|LAMBDA)_/, '');
  const name = `codebuild-${platform}-${size}`.toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(AMOUNTS, name) ? (name as AmountName) : undefined;
}
