import type { Release, ReleaseId, ReleaseKey, StageKey } from '../core/contracts/release';
import type { IgnoredPush, Plan, ReleaseRecord } from '../core/contracts/state';
import type { ListedRelease } from '../core/contracts/unreadable';
import type { Standing } from '../core/record/fencing';

/** The queue of a stage, as seen at one moment. */
export interface Queue {
  /** The one release that waits: the newest accepted that has not begun. */
  readonly waiting?: Release;
  /** Set in its place if this version of Seedbed cannot read it: it is not begun, and a newer one supersedes it. */
  readonly unreadable?: ReleaseKey;
  /** The release that holds the lock, or held it last. */
  readonly last?: ReleaseId;
}

/**
 * - `accepted`: it waits now, and the one that waited before is superseded
 * - `duplicate`: its trigger has made a release before
 * - `queue-changed`: another release was accepted or begun since the queue was read
 */
export type Acceptance =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'duplicate'; readonly releaseId: ReleaseId }
  | { readonly kind: 'queue-changed' };

/** How a release ended. */
type ReleaseEnd = Pick<ReleaseRecord, 'durations' | 'buildTimes' | 'error'> & {
  readonly status: 'succeeded' | 'failed' | 'aborted';
  /** ISO time. */
  readonly finishedAt: string;
};

/**
 * Queue, lock and history of the stages. Each method is one atomic step that is safe to repeat, so workers may race, or
 * die between any two of them. A release's status says where it stands: `waiting` is in the queue or superseded by what
 * is, `running` holds the lock, any other holds nothing.
 */
export interface Releases {
  /** @returns the queue as it is now; pass it to `accept`. */
  queue(stage: StageKey): Promise<Queue>;
  /**
   * Puts a release into the queue, unless its trigger has made one before.
   * @param seen the queue as read before the release's commit was; `release.id` is greater than every id in it
   */
  accept(release: Release, seen: Queue): Promise<Acceptance>;
  /**
   * Takes the lock for the waiting release, which runs from now on.
   * @param at ISO time
   * @returns `held` if another release runs; `not-waiting` if it no longer waits
   */
  takeLock(release: Release, at: string): Promise<'taken' | 'held' | 'not-waiting'>;
  /** Stores the execution of a release that has taken the lock. */
  recordExecution(key: ReleaseKey, executionArn: string): Promise<void>;
  /** Stores the plan of a running release. `at`: ISO time. Throws ReleaseSuperseded if the release does not run. */
  recordPlan(key: ReleaseKey, plan: Plan, at: string): Promise<void>;
  /**
   * Ends a running release and frees the lock. The first end wins.
   * @returns whether this call ended it
   */
  end(key: ReleaseKey, end: ReleaseEnd): Promise<boolean>;
  /**
   * Stores that somebody cancels a release. One that waits ends at once, as `aborted`; one that runs has to be stopped.
   * @param cancel who cancels it, and when (ISO time)
   * @returns what the release was doing
   */
  cancel(key: ReleaseKey, cancel: NonNullable<ReleaseRecord['cancel']>): Promise<'waiting' | 'running' | 'ended'>;
  /** Stores that the end was published. `at`: ISO time. */
  recordAnnouncement(key: ReleaseKey, at: string): Promise<void>;
  /** Stores which old versions were deleted after it had ended. */
  recordPruned(key: ReleaseKey, pruned: NonNullable<ReleaseRecord['pruned']>): Promise<void>;
  find(key: ReleaseKey): Promise<ReleaseRecord | undefined>;
  /** @returns how a release stands at this very moment, without all the rest of it */
  standing(key: ReleaseKey): Promise<Standing | undefined>;
  /** @returns the newest releases of a stage, newest first, also those that this version cannot read. */
  latest(stage: StageKey, limit: number): Promise<readonly ListedRelease[]>;
  /** @returns the releases that wait or run in any stage; may lag behind by a second. */
  open(): Promise<readonly ReleaseKey[]>;
  recordIgnored(push: IgnoredPush): Promise<void>;
  /** @returns what was ignored, newest first; `app` undefined: pushes to repositories without an app. */
  ignored(app: string | undefined, limit: number): Promise<readonly IgnoredPush[]>;
}
