import type { Versions } from '../ports/versions';
import type { MemoryFunctions } from './memory-functions';

/** The versions of one target in memory. */
export interface MemoryVersions extends Versions {
  /** `name:version` of the functions that are durable, and whether an execution waits. */
  readonly durable: Map<string, boolean>;
}

/** In-memory twin of the port Versions, over the functions of the same target. Each version has 1,000 bytes. */
export function memoryVersions({ all }: Pick<MemoryFunctions, 'all'>): MemoryVersions {
  const durable = new Map<string, boolean>();
  const aliasesOf = (name: string) => {
    const found = all.get(name);
    return Object.entries(found?.aliases ?? {}).map(([alias, version]) => ({
      version,
      weights: found!.weights[alias] ?? {},
    }));
  };
  const numbersOf = (name: string): string[] =>
    (all.get(name)?.versions ?? []).flatMap((one, index) => (one ? [String(index + 1)] : []));

  return {
    durable,
    list: async (name) =>
      numbersOf(name).map((version) => ({
        version,
        size: SIZE,
        isDurable: durable.has(`${name}:${version}`),
        // One an hour.
        publishedAt: Number(version) * 3_600_000,
      })),
    aliases: async (name) => aliasesOf(name),
    isAwaited: async (name, version) => durable.get(`${name}:${version}`) ?? false,
    async delete(name, version) {
      if (aliasesOf(name).some((one) => one.version === version || one.weights[version] !== undefined)) return 'in-use';
      const versions = all.get(name)?.versions;
      if (versions?.[Number(version) - 1]) versions[Number(version) - 1] = undefined;
      return 'deleted';
    },
    async storage() {
      const count = [...all.keys()].flatMap(numbersOf).length;
      return { used: count * SIZE, limit: 100 * SIZE };
    },
  };
}

const SIZE = 1_000;
