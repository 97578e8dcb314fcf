import type { ReleaseRecord, ServiceRecord } from '../core/contracts/state';
import { releaseEvent } from '../core/record/release-event';
import type { Events } from '../ports/events';
import type { Log } from '../ports/log';
import type { Releases } from '../ports/releases';

export interface PublishPorts {
  readonly events: Events;
  readonly log: Log;
}

/**
 * Publishes that a release has a new status. If publishing fails, the release does not.
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

/** A release, and the records of its services. */
export interface Recorded {
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

export interface AnnouncePorts extends PublishPorts {
  readonly releases: Pick<Releases, 'recordAnnouncement'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Publishes a release's end, once. If publishing fails, the release does not. */
export async function announceEnd(ports: AnnouncePorts, { record, services }: Recorded): Promise<void> {
  const { release, status, announcedAt } = record;
  if (status === 'waiting' || status === 'running' || status === 'superseded' || announcedAt) return;
  if (!(await publishState(ports, record, services))) return;
  await ports.releases.recordAnnouncement(release, new Date(ports.now()).toISOString());
}
