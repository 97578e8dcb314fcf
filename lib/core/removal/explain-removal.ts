import type { ReleaseRecord, ServiceRecord } from '../contracts/state';
import type { Outcome } from '../record/release-outcome';
import { nameSome } from '../text/name-some';

/**
 * @returns the outcome of a removal with what it left: the services that could not be removed, and those of earlier
 *   phases, which were not tried, since what is left may need them. Any other outcome as it is.
 */
export function explainRemoval(
  outcome: Outcome,
  {
    release,
    plan,
    services,
  }: Pick<ReleaseRecord, 'release' | 'plan'> & { readonly services: readonly ServiceRecord[] },
): Outcome {
  if (!release.remove || outcome.status !== 'failed') return outcome;
  const removed = new Set(services.filter(({ status }) => status === 'removed').map(({ path }) => path));
  const planned = plan?.phases.flat().map(({ path }) => path) ?? [];
  const left = planned.filter((path) => !removed.has(path)).map((path) => `"${path}"`);
  if (left.length === 0) return outcome;
  const { error } = outcome;
  const message = `${error.message}; not removed: ${nameSome(left)}; fix what is named and remove the stage again`;
  return { ...outcome, error: { ...error, message } };
}
