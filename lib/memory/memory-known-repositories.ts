import { isSameName } from '../core/trigger/same-repository';
import type { KnownRepositories } from '../ports/known-repositories';

/** In-memory twin of the port KnownRepositories. */
export function memoryKnownRepositories(): KnownRepositories {
  const all = new Map<string, Awaited<ReturnType<KnownRepositories['learn']>>>();
  return {
    find: async (app) => all.get(app),
    async learn(app, found) {
      const known = all.get(app);
      if (known && isSameName(known.repository, found.repository)) return known;
      all.set(app, found);
      return found;
    },
  };
}
