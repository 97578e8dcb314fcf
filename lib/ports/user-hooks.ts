import type { HookEvent, UserHook } from '../core/contracts/hook-run';
import type { HookAnswer } from '../core/shift/judge-hook';

/** The hooks that users wrote: functions of their services. */
export interface UserHooks {
  /** Invokes a hook and waits for its answer, for as long as a function may run. */
  call(hook: UserHook, event: HookEvent): Promise<HookAnswer>;
}
