import { releaseDurations } from '../../lib/core/durations';
import type { ReleaseKey } from '../../lib/core/release';
import { releaseEvent } from '../../lib/core/release-event';
import { explainOutcome, type Outcome } from '../../lib/core/release-outcome';
import type { ReleaseRecord, ServiceRecord } from '../../lib/core/state';
import type { Events } from '../../lib/ports/events';
import type { Log } from '../../lib/ports/log';
import { type StartNextPorts, startNext } from '../trigger/start-next';
import { type FailUnfinishedPorts, failUnfinished } from './fail-unfinished';

export interface FinishPorts extends StartNextPorts, FailUnfinishedPorts {
  readonly events: Events;
  readonly log: Log;
}

/**
 * The one way in which a release ends, however it came to that: keeps its end, frees the lock, starts what waits and
 * tells the world. It may run any number of times; the first one decides how the release ended.
 *
 * @returns the release as it is recorded, or undefined if it was never accepted
 */
export async function finishRelease(
  ports: FinishPorts,
  key: ReleaseKey,
  outcome: Outcome,
): Promise<ReleaseRecord | undefined> {
  const [record, services] = await Promise.all([ports.releases.find(key), ports.states.records(key)]);
  if (!record) return undefined;
  const found = { record, services };
  const ended = record.status === 'running' ? await endRelease(ports, found, outcome) : found;
  await Promise.all([startNext(ports, key), announce(ports, ended)]);
  return ended.record;
}

interface Recorded {
  readonly record: ReleaseRecord;
  readonly services: readonly ServiceRecord[];
}

async function endRelease(ports: FinishPorts, { record, services }: Recorded, outcome: Outcome): Promise<Recorded> {
  const { release } = record;
  const unfinished = await failUnfinished(ports, { record, services, outcome });
  const all = [...services, ...unfinished];
  const end = {
    ...explainOutcome(outcome, all),
    finishedAt: new Date(ports.now()).toISOString(),
    durations: releaseDurations(record, all),
  };
  // Services come first: as soon as the lock is free, the next release reads their states.
  if (!(await ports.releases.end(release, end))) return { record, services };
  ports.log.info(`release ${end.status}`, { releaseId: release.id, app: release.app, stage: release.stage, ...end });
  return { record: { ...record, ...end }, services: all };
}

/** Publishes a release's end once; that this fails is no failure of the release. */
async function announce({ releases, events, log, now }: FinishPorts, { record, services }: Recorded): Promise<void> {
  const { release, status, announcedAt } = record;
  if (status === 'waiting' || status === 'running' || status === 'superseded' || announcedAt) return;
  try {
    await events.publish(releaseEvent(record, services));
    await releases.recordAnnouncement(release, new Date(now()).toISOString());
  } catch (error) {
    log.warn('the end of a release could not be published', { releaseId: release.id, error });
  }
}
