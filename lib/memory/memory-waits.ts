import type { Wait } from '../core/contracts/wait';
import type { Waits } from '../ports/waits';

/** In-memory twin of the port Waits. */
export interface MemoryWaits extends Waits {
  /** Adds a wait, as a state machine does: in place of the one before of its service. */
  add(releaseId: string, wait: Wait): void;
}

export function memoryWaits(): MemoryWaits {
  const releases = new Map<string, Map<string, Wait>>();
  const ended = new Set<string>();
  const of = (releaseId: string): Map<string, Wait> => {
    const found = releases.get(releaseId) ?? new Map<string, Wait>();
    releases.set(releaseId, found);
    return found;
  };
  return {
    add: (releaseId, wait) => void of(releaseId).set(wait.service, wait),
    list: async (releaseId) => ({ waits: [...of(releaseId).values()], hasEnded: ended.has(releaseId) }),
    async update(releaseId, wait) {
      if (of(releaseId).get(wait.service)?.token === wait.token) of(releaseId).set(wait.service, wait);
    },
    async remove(releaseId, { service, token }) {
      if (of(releaseId).get(service)?.token === token) of(releaseId).delete(service);
    },
    end: async (releaseId) => void ended.add(releaseId),
  };
}
