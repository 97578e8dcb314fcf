import type { Release } from '../../lib/core/contracts/release';
import type { PlannedAt, ServiceState } from '../../lib/core/contracts/state';
import { mapBounded } from '../../lib/core/map-bounded';
import { basesOf, type ChangedFiles, type EditedFiles } from '../../lib/core/plan/plan';
import { type Bases, basesOfServices } from '../../lib/core/plan/plan-bases';
import type { Source } from '../../lib/ports/source';

/** Comparisons side by side: of most plans there is one, but of a stage of many failures there may be hundreds. */
const AT_ONCE = 5;

/** What each service is compared with, and the result. */
export interface Comparison {
  readonly bases: Bases;
  /** By base. */
  readonly changes: ReadonlyMap<string, ChangedFiles>;
}

/**
 * Compares a release's commit with the bases of its services, of which there is one in nearly all cases. If the last
 * plan's commit is gone, as after a force push, the services' own last deployed commits may still exist.
 */
export async function compare(
  source: Source,
  { repository, commit, only }: Release,
  known: {
    readonly states: readonly ServiceState[];
    readonly services: readonly string[];
    readonly planned: PlannedAt | undefined;
    /** Commits beside the bases that the release's is compared with. */
    readonly also?: readonly string[];
  },
): Promise<Comparison> {
  // Whoever names services has said what deploys.
  if (only) return { bases: new Map(), changes: new Map() };
  const changedSince = async (bases: Bases): Promise<Map<string, ChangedFiles>> => {
    const commits = [...new Set([...basesOf(bases, known.services), ...(known.also ?? [])])];
    return new Map(
      await mapBounded(
        commits,
        AT_ONCE,
        async (base) => [base, await source.changedFiles(repository, base, commit)] as const,
      ),
    );
  };
  const { states, planned } = known;
  const bases = basesOfServices(states, planned);
  const changes = await changedSince(bases);
  if (!planned || changes.get(planned.commit) !== 'unknown') return { bases, changes };
  const own = basesOfServices(states);
  return { bases: own, changes: await changedSince(own) };
}

/** @returns which of the changed files were edited, for `changes: files` */
export async function editedSince(
  source: Source,
  { repository, commit }: Release,
  changes: Comparison['changes'],
): Promise<EditedFiles> {
  const bases = [...changes].flatMap(([base, files]) => (files === 'unknown' || files.length === 0 ? [] : [base]));
  return new Map(
    await mapBounded(
      bases,
      AT_ONCE,
      async (base) => [base, await source.editedFiles(repository, base, commit)] as const,
    ),
  );
}
