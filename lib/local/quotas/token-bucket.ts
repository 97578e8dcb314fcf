/** How many calls a service takes: so many at once, and then so many a second. */
export interface Rate {
  /** Tokens that a full bucket has; each call takes one. */
  readonly burst: number;
  /** Tokens that come back in a second. */
  readonly perSecond: number;
}

/** What is left of a rate. */
export interface Bucket {
  readonly tokens: number;
  /** When that was, in milliseconds. */
  readonly at: number;
}

/** @returns a bucket from which nothing has been taken yet. */
export const fullBucket = (rate: Rate, now: number): Bucket => ({ tokens: rate.burst, at: now });

/**
 * Takes one token. A call that is refused takes none.
 * @param now milliseconds, by the clock that filled the bucket
 * @returns the bucket as it is now, and whether there was a token
 */
export function takeToken(bucket: Bucket, rate: Rate, now: number): { readonly left: Bucket; readonly taken: boolean } {
  const returned = (Math.max(0, now - bucket.at) / 1000) * rate.perSecond;
  const tokens = Math.min(rate.burst, bucket.tokens + returned);
  const taken = tokens >= 1;
  return { left: { tokens: taken ? tokens - 1 : tokens, at: now }, taken };
}
