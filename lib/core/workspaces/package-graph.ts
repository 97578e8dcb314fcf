import type { ServicePath } from '../contracts/release';
import { ownerOf } from '../contracts/service-path';

/** A package of the repository's workspaces, as its package.json has it. */
export interface WorkspacePackage {
  readonly directory: string;
  /** Its directory if it has no name: then no other package can use it by name. */
  readonly name: string;
  /** Names and directories of all that it depends on, of this repository or not. */
  readonly dependencies: readonly string[];
}

/** How one package uses another: from the one that is asked about to the one that is used, by name. */
type Way = readonly string[];

/** Which packages a service uses. */
export interface PackageGraph {
  /** @returns the directory of the package that a file belongs to, the deepest; undefined if it belongs to none. */
  readonly packageOf: (file: string) => string | undefined;
  /**
   * @returns the directories of all packages that a service uses, its own first, each with the shortest way to it;
   *   undefined for a service that is in no package
   */
  readonly usedBy: (service: ServicePath) => ReadonlyMap<string, Way> | undefined;
}

/** The root's own package.json makes no package here: what lies in the root concerns everything. */
export function packageGraph(packages: readonly WorkspacePackage[]): PackageGraph {
  const byDirectory = new Map(packages.map((one) => [one.directory, one]));
  const byName = new Map<string, WorkspacePackage[]>();
  // With two packages of one name it is not clear which one is meant.
  for (const one of packages) {
    for (const key of new Set([one.name, one.directory])) byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  const packageOf = ownerOf([...byDirectory.keys()]);
  const known = new Map<string, ReadonlyMap<string, Way>>();
  const usedByPackage = (directory: string): ReadonlyMap<string, Way> => {
    const found = known.get(directory) ?? waysFrom(byDirectory.get(directory)!, byName);
    known.set(directory, found);
    return found;
  };
  return {
    packageOf,
    usedBy(service) {
      const own = packageOf(`${service}/package.json`);
      return own === undefined ? undefined : usedByPackage(own);
    },
  };
}

function waysFrom(
  from: WorkspacePackage,
  byName: ReadonlyMap<string, readonly WorkspacePackage[]>,
): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>([[from.directory, [from.name]]]);
  const queue = [from];
  // By nearness, and then by name, so that the way in messages does not depend on the order in a package.json.
  for (const { directory, dependencies } of queue) {
    for (const used of [...dependencies].sort().flatMap((name) => byName.get(name) ?? [])) {
      if (ways.has(used.directory)) continue;
      ways.set(used.directory, [...ways.get(directory)!, used.name]);
      queue.push(used);
    }
  }
  return ways;
}
