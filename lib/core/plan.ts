import type { ServiceChanges } from './changes';
import { changesByOwner, mergeChanges } from './changes';
import { nameSome } from './name-some';
import { orderPhases } from './phases';
import type { Reason } from './reasons';
import type { ServicePath } from './release';
import { directoriesAbove, ownerOf } from './service-path';
import type { Plan, PlannedService, ServiceState } from './state';

/** Files that changed since a base commit; `unknown` if the repository no longer has that commit. */
export type ChangedFiles = readonly string[] | 'unknown';

export interface PlanInput {
  /** The registered services of the commit to release. */
  readonly services: readonly ServicePath[];
  /** What is deployed in the stage. States of services that are no longer registered are passed over. */
  readonly states: readonly ServiceState[];
  /** Files changed from each base commit (see `basesOf`) to the commit to release. */
  readonly changes: ReadonlyMap<string, ChangedFiles>;
  readonly force: boolean;
  /** Whether the repository has a single service; by default as `services` tells. */
  readonly single?: boolean;
  /** The key `check_code_change` of seed.yml. */
  readonly checkCodeChange: boolean;
  /** The key `phases` of seed.yml. */
  readonly phases?: readonly (readonly string[])[];
}

/**
 * @param services the registered services; without it, all states count
 * @returns the distinct commits that changed files are needed from: the last deployed commits of the services whose
 *   change check is not skipped for the state they are in.
 */
export function basesOf(states: readonly ServiceState[], services?: readonly ServicePath[]): string[] {
  const registered = services && new Set(services);
  const bases = states.flatMap(({ path, status, commit }) =>
    commit !== undefined && status === 'deployed' && (registered?.has(path) ?? true) ? [commit] : [],
  );
  return [...new Set(bases)];
}

/**
 * Decides which services a release deploys, and in which order. A service deploys if a file changed since its own last
 * deployed commit that is in its directory, belongs to no service, or belongs to a service in a directory above it; a
 * file belongs to the deepest service that contains it. Doubt deploys.
 *
 * @returns every service once, deployed or skipped, each with all reasons that held
 * @throws ReleaseError ConfigInvalid or ServiceNotFound if `phases` is wrong
 */
export function planServices(input: PlanInput): Plan {
  const states = new Map(input.states.map((state) => [state.path, state]));
  const owner = ownerOf(input.services);
  const owned = new Map<string, ServiceChanges>();
  const changesSince = (base: string): ServiceChanges | 'unknown' | undefined => {
    const files = input.changes.get(base);
    if (files === undefined || files === 'unknown') return files;
    const known = owned.get(base) ?? changesByOwner(files, owner);
    owned.set(base, known);
    return known;
  };

  const deploy: PlannedService[] = [];
  const skip: PlannedService[] = [];
  for (const path of input.services) {
    const state = states.get(path);
    const unchecked = reasonsNotToCheck(input, state);
    const changes = state?.commit === undefined ? undefined : changesSince(state.commit);
    const reasons = [...unchecked, ...changeReasons(path, state, changes, unchecked.length > 0)];
    if (reasons.length > 0) deploy.push({ path, reasons });
    else skip.push({ path, reasons: [unchanged(state)] });
  }
  return { phases: orderPhases(deploy, input.services, input.phases), skip };
}

/** Reasons for which a service deploys whatever changed. */
function reasonsNotToCheck(input: PlanInput, state: ServiceState | undefined): Reason[] {
  const reasons: Reason[] = [];
  if (input.force) reasons.push({ code: 'forced', message: 'the release was forced' });
  if (input.single ?? input.services.length === 1) {
    reasons.push({ code: 'only-service', message: 'the only service of the repository is always deployed' });
  }
  if (!input.checkCodeChange) {
    reasons.push({ code: 'change-check-off', message: 'seed.yml sets check_code_change to false' });
  }
  if (state?.commit === undefined) {
    reasons.push({ code: 'first-release', message: 'the service has not been deployed to this stage yet' });
  }
  if (state !== undefined && state.status !== 'deployed') {
    reasons.push({
      code: 'previous-release-failed',
      message: `the previous release ${state.releaseId} did not succeed`,
    });
  }
  return reasons;
}

/** Reasons that lie in the changed files. A base that nobody compared with is in doubt, unless the service deploys anyway. */
function changeReasons(
  path: ServicePath,
  state: ServiceState | undefined,
  changes: ServiceChanges | 'unknown' | undefined,
  deploysAnyway: boolean,
): Reason[] {
  if (changes === 'unknown' || (changes === undefined && !deploysAnyway)) {
    const message = `the last deployed commit ${short(state?.commit)} is not in the repository any more`;
    return [{ code: 'base-commit-unknown', message }];
  }
  if (changes === undefined) return [];

  const reasons: Reason[] = [];
  const own = changes.owned.get(path);
  if (own)
    reasons.push({
      code: 'files-changed',
      message: `${own.count} ${files(own.count)} of the service changed: ${nameSome(own.first, own.count)}`,
    });
  const parents = directoriesAbove(path).filter((directory) => changes.owned.has(directory));
  if (parents.length > 0) {
    const { count, first } = mergeChanges(parents.map((parent) => changes.owned.get(parent)!));
    const of = parents.map((parent) => `"${parent}"`);
    reasons.push({
      code: 'parent-changed',
      message: `${count} ${files(count)} of ${nameSome(of)}, in a directory above it, changed: ${nameSome(first, count)}`,
    });
  }
  if (changes.shared.count > 0) {
    const { count, first } = changes.shared;
    reasons.push({
      code: 'shared-files-changed',
      message: `${count} ${files(count)} of no service changed: ${nameSome(first, count)}`,
    });
  }
  return reasons;
}

const unchanged = (state: ServiceState | undefined): Reason => ({
  code: 'unchanged',
  message: `nothing that concerns the service changed since it was last deployed${state?.commit ? ` (${short(state.commit)})` : ''}`,
});

const files = (count: number): string => (count === 1 ? 'file' : 'files');
const short = (commit: string | undefined): string => commit?.slice(0, 7) ?? '';
