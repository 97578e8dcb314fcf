import type { ServicePath } from '../contracts/release';

/** Changed files, as many as a message needs: how many there are and the first few by name. */
export interface FileChanges {
  readonly count: number;
  readonly first: readonly string[];
}

/** Changed files of a package of the repository's workspaces. */
interface PackageChanges {
  readonly all: FileChanges;
  /** Those that belong to no service. */
  readonly unowned: FileChanges;
}

/** Changed files by the service they belong to. */
export interface ServiceChanges {
  readonly owned: ReadonlyMap<ServicePath, FileChanges>;
  /** Those that belong to no service. */
  readonly shared: FileChanges;
  /** By the directory of the package they belong to. */
  readonly packages: ReadonlyMap<string, PackageChanges>;
  /** Those that belong to no service and to no package. */
  readonly loose: FileChanges;
}

/** Tells the service, or the package, that a file belongs to, see `ownerOf`. */
type Owner = (file: string) => string | undefined;

/** How many names are kept; messages show no more. */
const KEPT = 3;

/**
 * Sorts changed files by owner: once per base commit, so that the cost is that of the files, not services times files.
 * The outcome does not depend on the files' order, and a file named twice counts once.
 */
export function changesByOwner(files: readonly string[], owner: Owner, packageOf?: Owner): ServiceChanges {
  const owned = new Map<ServicePath, Tally>();
  const packages = new Map<string, { readonly all: Tally; readonly unowned: Tally }>();
  const [shared, loose] = [aTally(), aTally()];
  for (const file of new Set(files)) {
    const service = owner(file);
    add(service === undefined ? shared : entry(owned, service, aTally), file);
    const directory = packageOf?.(file);
    if (directory !== undefined) {
      const { all, unowned } = entry(packages, directory, () => ({ all: aTally(), unowned: aTally() }));
      add(all, file);
      if (service === undefined) add(unowned, file);
    } else if (service === undefined) add(loose, file);
  }
  return { owned, shared, packages, loose };
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

interface Tally {
  count: number;
  readonly first: string[];
}
const aTally = (): Tally => ({ count: 0, first: [] });

/** Keeps the first few in alphabetical order; sorting all files would take most of the time. */
function add(tally: Tally, file: string): void {
  tally.count++;
  const { first } = tally;
  if (first.length === KEPT && file > first[KEPT - 1]!) return;
  first.push(file);
  first.sort();
  first.length = Math.min(first.length, KEPT);
}

/** @returns how many distinct files these are, and the first */
export function countFiles(files: readonly string[]): FileChanges {
  const tally = aTally();
  for (const file of new Set(files)) add(tally, file);
  return tally;
}

/** @returns the changes of several owners as one; `all` must be of different owners. */
export const mergeChanges = (all: readonly FileChanges[]): FileChanges => ({
  count: all.reduce((sum, { count }) => sum + count, 0),
  first: all
    .flatMap(({ first }) => first)
    .sort()
    .slice(0, KEPT),
});
