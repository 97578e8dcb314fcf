import type { ReleaseEvent } from '../core/record/release-event';
import type { Events } from '../ports/events';

/** In-memory twin of the port Events: keeps what was published. */
export interface MemoryEvents extends Events {
  readonly published: readonly ReleaseEvent[];
}

export function memoryEvents(): MemoryEvents {
  const published: ReleaseEvent[] = [];
  return {
    published,
    async publish(event) {
      published.push(event);
    },
  };
}
