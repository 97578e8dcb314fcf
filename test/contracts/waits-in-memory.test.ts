import { memoryCallbacks } from '../../lib/memory/memory-callbacks';
import { memoryWaits } from '../../lib/memory/memory-waits';
import { callbacksContract } from './callbacks-contract';
import { waitsContract } from './waits-contract';

describe('memoryWaits', () =>
  waitsContract(() => {
    const waits = memoryWaits();
    return { waits, add: async (releaseId, wait) => waits.add(releaseId, wait) };
  }));

describe('memoryCallbacks', () =>
  callbacksContract(() => {
    const callbacks = memoryCallbacks();
    return {
      callbacks,
      async waiting() {
        const token = 'token';
        callbacks.open(token);
        return {
          token,
          async end() {
            const told = callbacks.told.get(token)!;
            return 'error' in told ? told.error : told.output;
          },
          stop: async () => callbacks.close(token),
        };
      },
    };
  }));
