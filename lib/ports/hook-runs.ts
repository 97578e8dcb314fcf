import type { HookOutcome, HookRun } from '../core/contracts/hook-run';
import type { HookMoment } from './shifts';

/**
 * What the platform's hook function and the worker that watches a shift tell each other, in a table of the target: one
 * item for each deployment group, since a group has one deployment at a time.
 */
export interface HookRuns {
  /** Stores the runs that a shift is about to need, in place of those of earlier releases. */
  prepare(runs: readonly HookRun[]): Promise<void>;
  /** @returns the runs of an application. */
  list(application: string): Promise<readonly HookRun[]>;
  find(application: string, group: string): Promise<HookRun | undefined>;
  /**
   * Stores a hook's outcome, unless the run belongs to another release by now, or is told a second time that the
   * same execution of the hook is running.
   * @returns whether it was stored
   */
  record(
    run: Pick<HookRun, 'application' | 'group' | 'releaseId'>,
    moment: HookMoment,
    outcome: HookOutcome,
  ): Promise<boolean>;
}
