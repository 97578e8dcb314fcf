import type { CloneCredential } from '../core/contracts/clone-credential';
import type { CloneCredentials } from '../ports/clone-credentials';

/** In-memory twin of the port CloneCredentials. */
export function memoryCloneCredentials(): CloneCredentials {
  const kept = new Map<string, CloneCredential>();
  return {
    find: async (parameter) => kept.get(parameter),
    async store(parameter, credential) {
      kept.set(parameter, credential);
    },
  };
}
