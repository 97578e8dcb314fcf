import type { AccountQuotas } from '../quotas/account-quotas';
import { rateOf } from '../quotas/rates';
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

/** Refuses calls that come faster than the account may make them. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

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
    if (!taken) throw throttlingError(service);
  }
}
