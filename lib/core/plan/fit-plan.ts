import type { Reason } from '../contracts/reasons';
import type { Plan, PlannedService } from '../contracts/state';
import { jsonBytes } from '../text/fit-bytes';

/** Ever shorter ways to give the reasons of a service; the first that fits is used. */
const WAYS: readonly ((reasons: readonly Reason[]) => Reason[])[] = [
  (reasons) => reasons.map(({ code, message }) => ({ code, message: cut(message, 120) })),
  (reasons) => firstOf(reasons, ({ message }) => cut(message, 80)),
  (reasons) => firstOf(reasons, ({ code }) => code.replaceAll('-', ' ')),
  () => [],
];

/**
 * Makes a plan small enough for what holds it: an item of the state table, the payload of a state machine. A repository
 * of hundreds of services of which all deploy for several reasons needs it; any other keeps every word.
 *
 * @param bytes that it may have
 * @param bytesOf how they are counted; unless given, as JSON
 * @returns the plan with its reasons as full as fits, or without any if even the shortest do not fit
 */
export function fitPlan(plan: Plan, bytes: number, bytesOf: (plan: Plan) => number = jsonBytes): Plan {
  let fitted = plan;
  for (const way of WAYS) {
    if (bytesOf(fitted) <= bytes) return fitted;
    fitted = { phases: plan.phases.map((phase) => phase.map(shortened(way))), skip: plan.skip.map(shortened(way)) };
  }
  return fitted;
}

const shortened =
  (way: (reasons: readonly Reason[]) => Reason[]) =>
  (service: PlannedService): PlannedService => ({ ...service, reasons: way(service.reasons) });

function firstOf([first, ...others]: readonly Reason[], tell: (reason: Reason) => string): Reason[] {
  if (!first) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return [{ code: first.code, message: tell(first) + more }];
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
