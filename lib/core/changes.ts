import type { ServicePath } from './release';
import { ownerOf } from './service-path';

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

/** How many names are kept; messages show no more. */
const KEPT = 3;

/**
 * Sorts changed files by owner: once per base commit, so that the cost is that of the files, not services times files.
 * The outcome does not depend on the files' order, and a file named twice counts once.
 */
export function changesByOwner(files: readonly string[], services: readonly ServicePath[]): ServiceChanges {
  const owner = ownerOf(services);
  const owned = new Map<ServicePath, string[]>();
  const shared: string[] = [];
  for (const file of [...new Set(files)].sort()) {
    const service = owner(file);
    if (service === undefined) shared.push(file);
    else if (owned.has(service)) owned.get(service)!.push(file);
    else owned.set(service, [file]);
  }
  return { owned: new Map([...owned].map(([service, names]) => [service, summary(names)])), shared: summary(shared) };
}

/** @returns the changes of several services as one; `all` must be of different services. */
export const mergeChanges = (all: readonly FileChanges[]): FileChanges => ({
  count: all.reduce((sum, { count }) => sum + count, 0),
  first: all
    .flatMap(({ first }) => first)
    .sort()
    .slice(0, KEPT),
});

const summary = (names: readonly string[]): FileChanges => ({ count: names.length, first: names.slice(0, KEPT) });
