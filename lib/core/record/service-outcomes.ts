import type { Decision } from '../contracts/decision';
import type { Reason } from '../contracts/reasons';
import type { Durations, Plan, ReleaseRecord, ServiceRecord, StepError } from '../contracts/state';
import { isPlannedHeld } from '../plan/holds';
import { isGoneFromCommit } from '../plan/not-in-commit';

/**
 * What became of a service in a release. Those that have no record yet are `planned` as long as the release goes on and
 * were `not-run` when it has ended; `left-out` are those that the plan found nothing to do for; `skipped` were built,
 * and their package was the deployed one.
 */
export const OUTCOME_STATUS = ['planned', 'deployed', 'skipped', 'failed', 'removed', 'not-run', 'left-out'] as const;

export interface ServiceOutcome {
  readonly path: string;
  readonly status: (typeof OUTCOME_STATUS)[number];
  readonly phase?: number;
  /** Reasons of the plan. */
  readonly planned: readonly Reason[];
  readonly decision?: Decision;
  readonly durations?: Durations;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly error?: StepError;
}

/** What readers look for first, and what they need least; all between are equal. */
const RANKS: Readonly<Record<string, number>> = { failed: 0, skipped: 2, 'left-out': 3 };

/** @returns services in the order in which a list shows them: what failed first, what had nothing to do last. */
export const failedFirst = <Service extends { readonly status: string }>(services: readonly Service[]): Service[] =>
  [...services].sort((a, b) => (RANKS[a.status] ?? 1) - (RANKS[b.status] ?? 1));

const NO_PLAN: Plan = { phases: [], skip: [] };

/** @returns every service that a release's plan knows, in the order of its phases, those left out last. */
export function serviceOutcomes(
  { status, plan = NO_PLAN }: Pick<ReleaseRecord, 'status' | 'plan'>,
  services: readonly ServiceRecord[],
): readonly ServiceOutcome[] {
  const records = new Map(services.map((record) => [record.path, record]));
  const unrecorded = status === 'waiting' || status === 'running' ? 'planned' : 'not-run';
  const planned = plan.phases.flatMap((phase, index) =>
    phase.map(({ path, reasons, phase: number = index }): ServiceOutcome => {
      const { status = unrecorded, decision, durations, outputs, error } = records.get(path) ?? {};
      return { path, status, phase: number, planned: reasons, decision, durations, outputs, error };
    }),
  );
  const known = new Set(planned.map(({ path }) => path));
  const others = services.filter(({ path }) => !known.has(path)).map((record): ServiceOutcome => ({ ...record }));
  const leftOut = plan.skip.map(({ path, reasons, phase }): ServiceOutcome => {
    return { path, status: 'left-out', phase, planned: reasons };
  });
  return [...planned, ...others, ...leftOut];
}

/** @returns whether the plan left a service alone because it is held, and not because nothing concerns it */
export const isHeld = ({ status, planned }: Pick<ServiceOutcome, 'status' | 'planned'>): boolean =>
  status === 'left-out' && isPlannedHeld({ reasons: planned });

/** @returns whether it is deployed and the commit does not have it */
export const isNotInCommit = ({ status, planned }: Pick<ServiceOutcome, 'status' | 'planned'>): boolean =>
  status === 'left-out' && isGoneFromCommit({ reasons: planned });
