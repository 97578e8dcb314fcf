import type { SeenRefs } from '../core/contracts/state';
import type { Reconciliations } from '../ports/reconciliations';

/** In-memory twin of the port Reconciliations. */
export function memoryReconciliations(): Reconciliations {
  const all = new Map<string, SeenRefs>();
  return {
    find: async (app) => all.get(app),
    async keep(app, seen) {
      all.set(app, seen);
    },
  };
}
