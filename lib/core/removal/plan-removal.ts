import type { Reason } from '../contracts/reasons';
import type { Release } from '../contracts/release';
import type { Plan, PlannedService, ServiceState } from '../contracts/state';

/**
 * Decides in which order a stage is removed: the services of its last phase first, those of a phase side by side. Only
 * the services' states are used, since branch and repository may be gone. A service whose phase is not known goes
 * first, since later phases hold what others do not need.
 *
 * @param states of every service that a release ever touched in the stage
 */
export function planRemoval(
  release: Pick<Release, 'remove' | 'pullRequest' | 'branch' | 'trigger'>,
  states: readonly Pick<ServiceState, 'path' | 'phase'>[],
): Plan {
  const reasons = [{ code: 'removed', message: because(release) }] satisfies Reason[];
  const phases = new Map<number, PlannedService[]>();
  for (const { path, phase } of states) {
    const number = phase ?? Number.POSITIVE_INFINITY;
    phases.set(number, [...(phases.get(number) ?? []), { path, reasons, ...(phase !== undefined && { phase }) }]);
  }
  const lastFirst = [...phases].sort(([a], [b]) => (a > b ? -1 : 1));
  return { phases: lastFirst.map(([, services]) => services), skip: [] };
}

function because({ remove, pullRequest, branch, trigger }: Parameters<typeof planRemoval>[0]): string {
  if (remove?.because === 'pull-request-closed' && pullRequest) return `pull request #${pullRequest.number} is closed`;
  if (remove?.because === 'pull-request-retargeted' && pullRequest) {
    return `pull request #${pullRequest.number} now targets another branch, whose pull requests have no stages`;
  }
  if (remove?.because === 'branch-deleted' && branch !== undefined) return `branch "${branch}" was deleted`;
  return `the removal of the stage was asked for${trigger.by === undefined ? '' : ` by ${trigger.by}`}`;
}
