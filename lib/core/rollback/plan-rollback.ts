import { ReleaseError } from '../contracts/errors';
import type { Rollback, ServicePath } from '../contracts/release';
import type { DeployedThen, Plan, PlannedService, ServiceState } from '../contracts/state';
import { useInstead } from '../text/nearest';

export interface PlanRollbackInput {
  readonly rollback: Rollback;
  /** Every service that a release ever touched in the stage. */
  readonly states: readonly ServiceState[];
  /**
   * What was deployed of each service when the release to return to had ended; those not deployed by then are absent.
   */
  readonly past: ReadonlyMap<ServicePath, DeployedThen>;
}

/**
 * Decides which services a rollback touches: those that differ from what they were then. A service that was added later
 * stays, since a rollback is not a request to remove it.
 *
 * @returns every service of the stage once. All go back side by side: what they return to has served together.
 * @throws ReleaseError `ServiceNotFound` if the rollback names a service that the stage does not have
 */
export function planRollback({ rollback, states, past }: PlanRollbackInput): Plan {
  checkService(rollback.service, states);
  const back: PlannedService[] = [];
  const skip: PlannedService[] = [];
  for (const state of states) {
    const { path } = state;
    const target = past.get(path);
    if (rollback.service !== undefined && rollback.service !== path) {
      const message = `only service "${rollback.service}" is rolled back`;
      skip.push({ path, reasons: [{ code: 'not-asked-for', message }] });
    } else if (!target) {
      const message = `it was not deployed yet when release ${rollback.to} ended; it stays as it is`;
      skip.push({ path, reasons: [{ code: 'not-deployed-then', message }] });
    } else if (state.status === 'deployed' && state.deployedPackage === target.deployedPackage) {
      const message = `it is already what it was when release ${rollback.to} ended (${target.commit.slice(0, 7)})`;
      skip.push({ path, reasons: [{ code: 'unchanged', message }] });
    } else {
      const message = `back to what release ${target.releaseId} deployed (${target.commit.slice(0, 7)})`;
      back.push({ path, reasons: [{ code: 'rollback', message }] });
    }
  }
  return { phases: back.length > 0 ? [back] : [], skip };
}

/** @throws ReleaseError `ServiceNotFound` if a rollback names a service that the stage does not have */
export function checkService(service: ServicePath | undefined, states: readonly Pick<ServiceState, 'path'>[]): void {
  const paths = states.map(({ path }) => path);
  if (service === undefined || paths.includes(service)) return;
  const hint = useInstead(service, paths);
  throw new ReleaseError('ServiceNotFound', `--service: the stage has no service "${service}"; ${hint}`);
}
