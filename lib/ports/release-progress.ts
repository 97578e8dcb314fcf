import type { ReleaseKey } from '../core/contracts/release';
import type { EnteredState } from './execution-progress';
import type { ExecutionStatus } from './executions';

/** How far releases have come, for people who watch. */
export interface ReleaseProgress {
  /** @returns the status of a release's execution, and the states that it has entered last, newest first. */
  ofRelease(key: ReleaseKey): Promise<{ readonly status: ExecutionStatus; readonly entered: readonly EnteredState[] }>;
  /** @returns the states that the executions of services of a release have entered last, newest first. */
  ofServices(
    key: ReleaseKey,
    paths: readonly string[],
  ): Promise<readonly { readonly path: string; readonly entered: readonly EnteredState[] }[]>;
}
