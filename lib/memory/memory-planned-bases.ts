import type { PlannedAt } from '../core/contracts/state';
import type { PlannedBases } from '../ports/planned-bases';

/** In-memory twin of the port PlannedBases. */
export function memoryPlannedBases(): PlannedBases {
  const bases = new Map<string, PlannedAt>();
  return {
    find: async ({ app, stage }) => bases.get(`${app}/${stage}`),
    async keep({ app, stage }, planned) {
      bases.set(`${app}/${stage}`, planned);
    },
  };
}
