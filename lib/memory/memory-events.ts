import type { IgnoredEvent } from '../core/record/ignored-event';
import type { ReleaseEvent } from '../core/record/release-event';
import type { Events } from '../ports/events';

/** In-memory twin of the port Events: keeps what was published. */
export interface MemoryEvents extends Events {
  readonly published: readonly ReleaseEvent[];
  readonly ignored: readonly IgnoredEvent[];
}

export function memoryEvents(): MemoryEvents {
  const published: ReleaseEvent[] = [];
  const ignored: IgnoredEvent[] = [];
  return {
    published,
    ignored,
    async publish(event) {
      published.push(event);
    },
    async publishIgnored(event) {
      ignored.push(event);
    },
  };
}
