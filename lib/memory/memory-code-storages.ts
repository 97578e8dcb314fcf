import type { CodeStorage } from '../core/contracts/state';
import type { CodeStorages } from '../ports/code-storages';

/** In-memory twin of the port CodeStorages. */
export function memoryCodeStorages(): CodeStorages {
  const all = new Map<string, CodeStorage>();
  return {
    async keep(storage) {
      all.set(`${storage.account} ${storage.region}`, storage);
    },
    list: async () => [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, storage]) => storage),
  };
}
