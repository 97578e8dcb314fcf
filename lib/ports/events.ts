import type { IgnoredEvent } from '../core/record/ignored-event';
import type { ReleaseEvent } from '../core/record/release-event';

/** Tells the outside world what became of releases. */
export interface Events {
  /** Publishes an event; subscribers may get it more than once. */
  publish(event: ReleaseEvent): Promise<void>;
  /** Publishes that what was pushed is not released. */
  publishIgnored(event: IgnoredEvent): Promise<void>;
}
