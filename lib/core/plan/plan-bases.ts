import type { ServicePath } from '../contracts/release';
import type { Plan, PlannedAt, ServiceState } from '../contracts/state';
import { fitBytes, jsonBytes } from '../text/fit-bytes';

/** The commit that each service is compared with. */
export type Bases = ReadonlyMap<ServicePath, string>;

/**
 * The base of a service is its own last deployed commit, or a later one that is known to equal it in all that concerns
 * the service: then a stage has one base in nearly every release, instead of one for each commit that something was
 * deployed of.
 *
 * Why the base may move on from B to X, when the plan of X found that nothing that changed since B concerns the service
 * S: let f be a file that concerns S in the plan of a later commit Y and changed from B to Y. If f changed from X to Y,
 * the comparison with X sees it. If not, it changed from B to X without concerning S then. Then its owner N has changed
 * from X to Y: N was neither S nor above S, and what takes its place is, or there is none. A deeper owner than N that
 * is S or above S would make N one above S; so N is no service in Y any more. Either its configuration was deleted, a
 * file that has f's new owner and so concerns S as f does; or seed.yml has another list, which belongs to the root's
 * service or to none and concerns all. Either way S deploys by the comparison with X too. With workspaces the same
 * holds for the packages: what S uses changes only with the package.json of S, or of a package that it used before, or
 * with a file of the root.
 *
 * The files that its last package was made of are those of S as it is deployed, in the plan of X as in that of Y: such
 * a file that differs from B to Y did so from B to X, where it would have concerned S, or does from X to Y.
 *
 * With `changes: files` a file of no service concerns S less often, and the same holds: what decides it beside the
 * record is whether the file is new, gone or governs others. A file of none that came or went from B to X concerned S
 * then; one that came or went as N's is of none in Y only after N's configuration went or seed.yml changed, as above.
 *
 * So no deployment is lost. One may be added: by a file that changed from B to X, and back from X to Y, and whose owner
 * changed as well; the build then finds that there is nothing to do.
 */
export function basesOfServices(states: readonly ServiceState[], planned?: PlannedAt): Bases {
  const bases = states.flatMap(({ path, status, commit }) => {
    if (commit === undefined || status !== 'deployed') return [];
    return [[path, planned?.unchanged[path] === commit ? planned.commit : commit] as const];
  });
  return new Map(bases);
}

/** Items of the state table hold 400 KB. */
const MOST_BYTES = 340_000;

/**
 * Services for which there is no room are compared with their own last deployed commits, which takes a comparison for
 * each of these.
 *
 * @param commit that was planned
 * @returns what the plan found to be as it was deployed, for the next plan to start at; undefined if that is nothing
 */
export function plannedAt(commit: string, plan: Plan, states: readonly ServiceState[]): PlannedAt | undefined {
  const deployed = new Map(states.map((state) => [state.path, state.commit]));
  const unchanged = plan.skip.flatMap(({ path, reasons }) => {
    const own = deployed.get(path);
    return own !== undefined && reasons.some(({ code }) => code === 'unchanged') ? [[path, own] as const] : [];
  });
  if (unchanged.length === 0) return undefined;
  return { commit, unchanged: Object.fromEntries(fitBytes(unchanged, MOST_BYTES, jsonBytes).fits) };
}
