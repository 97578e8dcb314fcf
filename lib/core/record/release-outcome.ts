import type { Plan, ServiceRecord, StepError } from '../contracts/state';
import { nameSome } from '../text/name-some';
import { tellSome } from '../text/tell-some';

/** How an execution of `Release` came to its end. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly error?: undefined }
  | { readonly status: 'failed' | 'aborted'; readonly error: StepError };

/**
 * What a release tells of its services itself is stored in one item, of which DynamoDB takes 400 KB, and sent on in
 * events of 256 KB: so it tells some of them, with the beginning and the end of what each says. Each service has its
 * own in full.
 *
 * @returns the outcome, explained by the services that failed (they know why; the release only knows that they did),
 *   and by those that did not run because of it
 */
export function explainOutcome(outcome: Outcome, services: readonly ServiceRecord[], plan?: Plan): Outcome {
  if (outcome.status === 'succeeded' || outcome.error.code !== 'ServiceFailed') return outcome;
  const failures = services.flatMap(({ path, error }) => (error ? [`service "${path}": ${error.message}`] : []));
  if (failures.length === 0) return outcome;
  const waited = didNotRun(plan, services);
  const others = waited.length === 0 ? [] : [`did not run, since an earlier phase failed: ${nameSome(waited)}`];
  const message = [tellSome(failures, { others: 'services failed' }), ...others].join('; ');
  return { ...outcome, error: { code: 'ServiceFailed', message } };
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
