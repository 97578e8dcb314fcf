import * as z from 'zod';
import type { AwsCall } from '../calls/aws-request';

/**
 * What happens to a call.
 *
 * - `throttle`: the service refuses the call, because calls come too fast
 * - `error`: the service answers 500
 * - `no-body`: something before the service answers 503, with no word of why
 * - `reset`: the connection breaks, and the call is not carried out
 * - `half-answer`: the call is carried out, and the connection breaks within the answer
 * - `timeout-before`: the call is not carried out, and no answer ever comes
 * - `timeout-after`: the call is carried out, and no answer ever comes
 * - `kill-before`: the calling worker dies, and the call is not carried out
 * - `kill-after`: the call is carried out, and the calling worker dies before it learns so
 */
export const FaultKind = z.enum([
  'throttle',
  'error',
  'no-body',
  'reset',
  'half-answer',
  'timeout-before',
  'timeout-after',
  'kill-before',
  'kill-after',
]);
export type FaultKind = z.infer<typeof FaultKind>;

/** Which calls fail, and how. */
export const FaultRule = z.strictObject({
  /** Signing name: `lambda`, `dynamodb`, `states`… */
  service: z.string(),
  operation: z.string(),
  /** Only calls about this Lambda function. */
  functionName: z.string().optional(),
  /** Only calls of an identity whose ARN contains this, such as a worker's function name. */
  caller: z.string().optional(),
  /** Only calls whose path or body contains this, such as the name of an app. */
  about: z.string().optional(),
  /** How many calls pass before the first one fails. */
  skip: z.int().min(0).default(0),
  /** How many calls fail. */
  times: z.int().min(1).default(1),
  kind: FaultKind,
});
export type FaultRule = z.infer<typeof FaultRule>;

/** A rule and how often it was applied. */
export interface FaultCount extends FaultRule {
  /** How many calls matched, whether they failed or not. */
  readonly seen: number;
  /** How many calls failed as the rule says: a test that injects a fault asserts that it happened. */
  readonly happened: number;
}

/** Which calls are to fail. */
export class Faults {
  readonly #rules: { readonly rule: FaultRule; seen: number; taken: number; happened: number }[] = [];

  /** Adds a rule. If several match a call, the first one decides whose count is not used up. */
  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0, taken: 0, happened: 0 });
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules.length = 0;
  }

  /** @returns all rules since they were last cleared, and how often they were applied. */
  read(): readonly FaultCount[] {
    return this.#rules.map(({ rule, seen, happened }) => ({ ...rule, seen, happened }));
  }

  /** @returns whether a rule may match a call of which only the head is known, so that its body must be read first. */
  mayConcern({ service, operation }: AwsCall): boolean {
    return this.#rules.some(
      ({ rule }) => rule.service === service && (operation === '' || rule.operation === operation),
    );
  }

  /**
   * Counts a call with the rules that match it.
   * @param text its path and body
   * @param callerOf resolves the caller; called only if a rule needs it
   * @returns the fault to inject, if any; tell it whether it happened
   */
  async take(call: AwsCall, text: string, callerOf: () => Promise<string>): Promise<Fault | undefined> {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (rule.service !== call.service || rule.operation !== call.operation) continue;
      if (rule.functionName !== undefined && rule.functionName !== call.functionName) continue;
      if (rule.about !== undefined && !text.includes(rule.about)) continue;
      if (rule.caller !== undefined && !(await callerOf()).includes(rule.caller)) continue;
      entry.seen += 1;
      if (entry.seen <= rule.skip || entry.taken === rule.times) continue;
      entry.taken += 1;
      return {
        kind: rule.kind,
        happened: () => {
          entry.happened += 1;
        },
        missed: () => {
          entry.taken -= 1;
        },
      };
    }
    return undefined;
  }
}

/** One fault to inject. */
export interface Fault {
  readonly kind: FaultKind;
  /** Counts the fault as happened. */
  happened(): void;
  /** Leaves the fault to the next call that matches. */
  missed(): void;
}
