import { z } from 'zod';
import type { ReleaseKey } from './release';

/** Whose calls come first: those of releases to configured stages, then those to made ones, then housekeeping. */
export const CallRank = z.enum(['configured', 'made', 'housekeeping']);
export type CallRank = z.infer<typeof CallRank>;

/** Who makes calls: a release, or the platform by itself. */
export interface Caller {
  readonly id: string;
  readonly rank: CallRank;
  /** The release, which may change its target only as long as it holds the lock of its stage. */
  readonly release?: ReleaseKey;
}

/** The platform when it works for no release. */
export const HOUSEKEEPING: Caller = { id: 'housekeeping', rank: 'housekeeping' };

/** @returns a release as one who makes calls; a stage that has a `template` is a made one */
export const callerOf = ({ app, stage, id, template }: ReleaseKey & { readonly template?: string }): Caller => ({
  id,
  rank: template === undefined ? 'configured' : 'made',
  release: { app, stage, id },
});

/**
 * What is reserved of one pool of calls: an item of the table of reservations. Times are milliseconds since 1970 and
 * may be fractions.
 */
export const CallReservations = z.object({
  /** When the pool would be full again if nobody reserved any more. */
  fullAt: z.number(),
  /** By caller's id; those whose calls have all begun are left out. */
  callers: z.record(
    z.string(),
    z.object({
      rank: CallRank,
      /** When the last of its reserved calls begins. */
      until: z.number(),
      /** When the last of those that were told to ask again will ask. */
      asking: z.number(),
    }),
  ),
});
export type CallReservations = z.infer<typeof CallReservations>;

/** Calls that somebody wants to make. */
export interface CallRequest extends Caller {
  /** How many, at least one. */
  readonly calls: number;
  /**
   * Whether they are reserved one after the other, however long that takes: what is begun together must not wait
   * halfway for somebody else.
   */
  readonly together?: boolean;
  /** Since when it has been asking for them, in milliseconds since 1970. */
  readonly since: number;
}

/** When each of the calls may begin, or when to ask again: milliseconds since 1970. */
export type CallTurn = { readonly begins: readonly number[] } | { readonly askAgainAt: number };

/** A pool of calls, filled at a steady rate up to a burst. */
export interface CallPool {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Lambda's control calls but GetFunction and Invoke, of which an account has 15 a second in a Region
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). One a second is left to others, and
 * some of the burst to calls that take longer on their way than those behind them.
 */
export const LAMBDA_CONTROL_CALLS: CallPool = { perSecond: 14, burst: 12 };
