import type { ServicePath } from './release';

/** Changed files, as many as a message needs: how many there are and the first few by name. */
export interface FileChanges {
  readonly count: number;
  readonly first: readonly string[];
}

/** Changed files by the service they belong to. `shared` ones belong to no service. */
export interface ServiceChanges {
  readonly owned: ReadonlyMap<ServicePath, FileChanges>;
  readonly shared: FileChanges;
}

/** Tells the service that a file belongs to, see `ownerOf`. */
type Owner = (file: string) => ServicePath | undefined;

/** How many names are kept; messages show no more. */
const KEPT = 3;

/**
 * Sorts changed files by owner: once per base commit, so that the cost is that of the files, not services times files.
 * The outcome does not depend on the files' order, and a file named twice counts once.
 */
export function changesByOwner(files: readonly string[], owner: Owner): ServiceChanges {
  const owned = new Map<ServicePath, Tally>();
  const shared: Tally = { count: 0, first: [] };
  for (const file of new Set(files)) {
    const service = owner(file);
    if (service === undefined) add(shared, file);
    else if (owned.has(service)) add(owned.get(service)!, file);
    else owned.set(service, { count: 1, first: [file] });
  }
  return { owned, shared };
}

interface Tally {
  count: number;
  readonly first: string[];
}

/** Keeps the first few in alphabetical order; to sort all files for them would take most of the time. */
function add(tally: Tally, file: string): void {
  tally.count++;
  const { first } = tally;
  if (first.length === KEPT && file > first[KEPT - 1]!) return;
  first.push(file);
  first.sort();
  first.length = Math.min(first.length, KEPT);
}

/** @returns the changes of several services as one; `all` must be of different services. */
export const mergeChanges = (all: readonly FileChanges[]): FileChanges => ({
  count: all.reduce((sum, { count }) => sum + count, 0),
  first: all
    .flatMap(({ first }) => first)
    .sort()
    .slice(0, KEPT),
});
