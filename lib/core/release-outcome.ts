import type { ServiceRecord, StepError } from './state';

/** How an execution of `Release` came to its end. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly error?: undefined }
  | { readonly status: 'failed' | 'aborted'; readonly error: StepError };

/** @returns the outcome, told by the services that failed: they know why, the release only knows that they did. */
export function explainOutcome(outcome: Outcome, services: readonly ServiceRecord[]): Outcome {
  if (outcome.status === 'succeeded' || outcome.error.code !== 'ServiceFailed') return outcome;
  const failures = services.flatMap(({ path, error }) => (error ? [`service "${path}": ${error.message}`] : []));
  if (failures.length === 0) return outcome;
  return { ...outcome, error: { code: 'ServiceFailed', message: failures.join('; ') } };
}
