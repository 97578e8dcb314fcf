import type { HookEvent, UserHook } from '../core/contracts/hook-run';
import type { HookAnswer } from '../core/shift/judge-hook';
import type { UserHooks } from '../ports/user-hooks';

/** In-memory twin of the port UserHooks: hooks that answer as a test says, and keep what they were called with. */
export interface MemoryUserHooks extends UserHooks {
  /** Answers by physical name; what is not there is missing. */
  readonly answers: Map<string, HookAnswer | (() => Promise<HookAnswer>)>;
  readonly calls: readonly { readonly hook: UserHook; readonly event: HookEvent }[];
}

export function memoryUserHooks(): MemoryUserHooks {
  const answers: MemoryUserHooks['answers'] = new Map();
  const calls: { readonly hook: UserHook; readonly event: HookEvent }[] = [];
  return {
    answers,
    calls,
    async call(hook, event) {
      calls.push({ hook, event });
      const answer = answers.get(hook.name) ?? { outcome: 'missing' };
      return typeof answer === 'function' ? answer() : answer;
    },
  };
}
