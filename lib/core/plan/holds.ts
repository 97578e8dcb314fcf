import type { Reason } from '../contracts/reasons';
import type { ServicePath } from '../contracts/release';
import type { Hold, Plan, ReleaseRecord, ServiceState } from '../contracts/state';

/** @returns since when and why a service is held, as a sentence without its end */
export const describeHold = ({ at, why }: Hold): string =>
  `held since ${at.slice(0, 16).replace('T', ' ')} UTC: ${why}`;

/** A service, and what holds it. */
export interface HeldService {
  readonly path: ServicePath;
  readonly hold: Hold;
}

/** @returns what is held of a stage's services */
export const heldServices = (states: readonly ServiceState[]): readonly HeldService[] =>
  states.flatMap(({ path, held }) => (held ? [{ path, hold: held }] : []));

/** @returns the holds that end with a plan: of the services that it deploys */
export function endedHolds(plan: Plan, states: readonly ServiceState[]): readonly HeldService[] {
  const deployed = new Set(plan.phases.flat().map(({ path }) => path));
  return heldServices(states).filter(({ path }) => deployed.has(path));
}

/**
 * @param history releases of a stage, newest first
 * @returns the newest commit that the stage was asked for, also by what waits and what never ran
 */
export const newestCommit = (history: readonly Pick<ReleaseRecord, 'release'>[]): string | undefined =>
  history.find(({ release: { rollback, remove } }) => !rollback && !remove)?.release.commit;

/** @returns whether the plan leaves a service alone because it is held */
export const isPlannedHeld = ({ reasons }: { readonly reasons: readonly Reason[] }): boolean =>
  reasons.some(({ code }) => code === 'held');
