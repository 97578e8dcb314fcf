import type { Plan, ServiceRecord, StepError } from '../contracts/state';

/** How an execution of `Release` came to its end. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly error?: undefined }
  | { readonly status: 'failed' | 'aborted'; readonly error: StepError };

/**
 * @returns the outcome, explained by the services that failed (they know why; the release only knows that they did),
 *   and by those that did not run because of it
 */
export function explainOutcome(outcome: Outcome, services: readonly ServiceRecord[], plan?: Plan): Outcome {
  if (outcome.status === 'succeeded' || outcome.error.code !== 'ServiceFailed') return outcome;
  const failures = services.flatMap(({ path, error }) => (error ? [`service "${path}": ${error.message}`] : []));
  if (failures.length === 0) return outcome;
  const waited = didNotRun(plan, services);
  const others = waited.length === 0 ? [] : [`did not run, since an earlier phase failed: ${waited.join(', ')}`];
  return { ...outcome, error: { code: 'ServiceFailed', message: [...failures, ...others].join('; ') } };
}

/** @returns the services of the phases after the first in which one failed. */
export function didNotRun(plan: Plan | undefined, services: readonly ServiceRecord[]): readonly string[] {
  const failed = new Set(services.filter(({ status }) => status === 'failed').map(({ path }) => path));
  const phases = plan?.phases ?? [];
  const stopped = phases.findIndex((phase) => phase.some(({ path }) => failed.has(path)));
  if (stopped === -1) return [];
  const recorded = new Set(services.map(({ path }) => path));
  const later = phases.slice(stopped + 1).flat();
  return later.map(({ path }) => path).filter((path) => !recorded.has(path));
}
