import type { Wait } from '../core/contracts/wait';

/** What the services of a release wait for. State machines add to it, by themselves. */
export interface Waits {
  /**
   * @returns what is waited for at this moment, in no order; and whether the release has ended, so that nothing is
   * waited for any more, whatever there is
   */
  list(releaseId: string): Promise<{ readonly waits: readonly Wait[]; readonly hasEnded: boolean }>;
  /** Stores a subject in place of the one before, unless the service waits for something else by now. */
  update(releaseId: string, wait: Wait): Promise<void>;
  /** Removes a wait that has ended, unless the service waits for something else by now. */
  remove(releaseId: string, wait: Pick<Wait, 'service' | 'token'>): Promise<void>;
  /** Keeps that a release has ended. */
  end(releaseId: string): Promise<void>;
}
