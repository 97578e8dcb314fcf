import { releaseEvent } from '../lib/core/release-event';
import type { ReleaseRecord, ServiceRecord } from '../lib/core/state';
import type { Events } from '../lib/ports/events';
import type { Log } from '../lib/ports/log';

export interface PublishPorts {
  readonly events: Events;
  readonly log: Log;
}

/**
 * Publishes that a release has come to another status. That this fails is no failure of the release.
 * @returns whether it was published
 */
export async function publishState(
  { events, log }: PublishPorts,
  record: ReleaseRecord,
  services: readonly ServiceRecord[] = [],
): Promise<boolean> {
  const { release, status } = record;
  try {
    await events.publish(releaseEvent(record, services));
    return true;
  } catch (error) {
    log.warn('the state of a release could not be published', { releaseId: release.id, status, error });
    return false;
  }
}
