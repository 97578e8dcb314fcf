import type { Callbacks, Told } from '../ports/callbacks';

/** What a state that waited was told. */
type CalledBack =
  | { readonly output: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

/** In-memory twin of the port Callbacks. */
export interface MemoryCallbacks extends Callbacks {
  /** A state begins to wait. */
  open(token: string): void;
  /** A state waits no more, though nobody has told it anything. */
  close(token: string): void;
  /** What states were told, by their tokens. */
  readonly told: ReadonlyMap<string, CalledBack>;
  /** Every heartbeat, in order. */
  readonly beats: readonly string[];
}

export function memoryCallbacks(): MemoryCallbacks {
  const waiting = new Set<string>();
  const told = new Map<string, CalledBack>();
  const beats: string[] = [];
  const tell = (token: string, what: CalledBack): Told => {
    if (!waiting.delete(token)) return 'gone';
    told.set(token, what);
    return 'told';
  };
  return {
    told,
    beats,
    open: (token) => void waiting.add(token),
    close: (token) => void waiting.delete(token),
    succeed: async (token, output) => tell(token, { output }),
    fail: async (token, { name, message }) => tell(token, { error: { name, message } }),
    async beat(token) {
      if (!waiting.has(token)) return 'gone';
      beats.push(token);
      return 'told';
    },
  };
}
