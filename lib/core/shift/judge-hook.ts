import type { HookOutcome, UserHook } from '../contracts/hook-run';
import { boundText } from '../text/bound-text';

/** What came of the call of a user's hook. */
export type HookAnswer =
  | { readonly outcome: 'returned'; readonly value: unknown }
  /** It threw, or Lambda ended it; `type` as its runtime names the error. */
  | { readonly outcome: 'threw'; readonly type: string; readonly message: string }
  /** There is no such function or version. */
  | { readonly outcome: 'missing' }
  /** Lambda did not run it; `reason` in its own words. */
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * A hook passes unless it throws or returns `false`. What else it returns says nothing: hooks written for CodeDeploy
 * return whatever their last call answered.
 */
export function judgeHook(hook: UserHook, answer: HookAnswer): Pick<HookOutcome, 'status' | 'reason'> {
  const reason = reasonOf(hook, answer);
  return reason === undefined ? { status: 'passed' } : { status: 'failed', reason: boundText(reason, LONGEST_REASON) };
}

/** In characters: it is stored for each function of a shift, and they are read together. */
const LONGEST_REASON = 1_000;

function reasonOf({ logicalId, name, qualifier }: UserHook, answer: HookAnswer): string | undefined {
  switch (answer.outcome) {
    case 'returned':
      return answer.value === false ? 'it returned false' : undefined;
    case 'threw':
      return `${answer.type}: ${answer.message}`;
    case 'missing':
      return `there is no function "${name}" (${logicalId}) with version or alias ${qualifier}`;
    case 'refused':
      return `Lambda did not run it: ${answer.reason}`;
  }
}
