import type { Release, ReleaseId, ReleaseKey, StageKey } from '../core/contracts/release';
import type { IgnoredPush, Plan, RefName, RefState, ReleaseRecord } from '../core/contracts/state';
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

/** A state of a branch, tag or pull request that somebody has seen in the repository. */
export interface RefMove {
  readonly ref: RefName;
  /** What it points at; undefined if it is gone. */
  readonly head?: string;
}

/**
 * - `accepted`: it waits now, and the one that waited before is superseded
 * - `duplicate`: its trigger has made a release before, or the state that it is of has
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
   * @param move the state that it is of, which is the newest accepted one from then on. `once`: unless it is that
   *   already, and nobody asks for it again
   */
  accept(release: Release, seen: Queue, move?: RefMove & { readonly once: boolean }): Promise<Acceptance>;
  /**
   * Notes a state of which no release comes as the newest accepted one.
   * @param seen the queue as read before the state was; if it has changed, nothing is noted
   * @param state `releaseId`: the release that came of it, if that was accepted before
   */
  settle(
    stage: StageKey,
    seen: Queue,
    state: RefMove & Pick<RefState, 'at' | 'releaseId'>,
  ): Promise<'settled' | 'queue-changed'>;
  /**
   * Asks for a release of the same state again, or no longer. A newer one in the stage makes that void, and so does
   * another state of the reference.
   */
  repeat(key: ReleaseKey, ref: RefName, wanted: boolean): Promise<void>;
  /** @returns the newest accepted states of an app's branches, tags and pull requests, in each stage */
  refs(app: string): Promise<readonly RefState[]>;
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
