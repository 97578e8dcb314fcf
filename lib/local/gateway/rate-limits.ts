import type { AccountQuotas } from '../quotas/account-quotas';
import { type RateName, rateOf } from '../quotas/rates';
import { type Bucket, fullBucket, takeToken } from '../quotas/token-bucket';
import { throttlingError } from './fault-answers';

/** Who calls what. */
interface LimitedCall {
  /** Signing name. */
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
}

/** How many calls of a quota came within a second. */
export interface RateSecond {
  readonly quota: RateName;
  readonly accountId: string;
  readonly region: string;
  /** When the second began, in milliseconds of the clock by which calls are counted. */
  readonly at: number;
  readonly taken: number;
  readonly refused: number;
}

/** Seconds that are remembered: an hour of the calls of four quotas. */
const MOST_SECONDS = 4 * 3600;

/** Refuses calls that come faster than the account may make them. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #seconds = new Map<string, { -readonly [Key in keyof RateSecond]: RateSecond[Key] }>();

  /**
   * @param now milliseconds of a clock that never goes back. It is the clock of the machine, not the compressed one by
   *   which CodeDeploy goes: calls take real time, here as on AWS
   */
  constructor(
    private readonly quotas: AccountQuotas,
    private readonly now: () => number,
  ) {}

  /**
   * Counts a call.
   * @throws AwsError with which the service refuses calls that come too fast
   */
  take({ service, operation, accountId, region }: LimitedCall): void {
    const name = rateOf(service, operation);
    if (name === undefined) return;
    const rate = this.quotas.rate(name, accountId, region);
    const key = `${name} ${accountId} ${region}`;
    const now = this.now();
    const { left, taken } = takeToken(this.#buckets.get(key) ?? fullBucket(rate, now), rate, now);
    this.#buckets.set(key, left);
    this.#note({ quota: name, accountId, region }, { now, taken });
    if (!taken) throw throttlingError(service);
  }

  /** @returns the calls of the last while, by second, in the order of time. */
  seconds(): readonly RateSecond[] {
    return [...this.#seconds.values()].map((second) => ({ ...second }));
  }

  #note(
    quota: Pick<RateSecond, 'quota' | 'accountId' | 'region'>,
    { now, taken }: { readonly now: number; readonly taken: boolean },
  ): void {
    const at = Math.floor(now / 1000) * 1000;
    const key = `${Object.values(quota).join(' ')} ${at}`;
    const second = this.#seconds.get(key) ?? { ...quota, at, taken: 0, refused: 0 };
    second[taken ? 'taken' : 'refused'] += 1;
    this.#seconds.set(key, second);
    const [oldest] = this.#seconds.keys();
    if (this.#seconds.size > MOST_SECONDS && oldest !== undefined) this.#seconds.delete(oldest);
  }
}
