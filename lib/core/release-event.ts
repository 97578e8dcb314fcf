import type { Release } from './release';
import type { ReleaseRecord, ServiceRecord } from './state';

/** How subscribers find the events of releases on the event bus. */
export const RELEASE_EVENT = { source: 'seedbed', detailType: 'Release State Change' } as const;

/** Detail of the event: what a release came to. */
export type ReleaseEvent = Pick<Release, 'app' | 'stage' | 'commit' | 'branch' | 'rollback'> &
  Pick<ReleaseRecord, 'status' | 'startedAt' | 'finishedAt' | 'durations' | 'error'> & {
    readonly releaseId: string;
    /** Who pushed or called. */
    readonly by?: string;
    readonly services: readonly ServiceSummary[];
  };
type ServiceSummary = Pick<ServiceRecord, 'path' | 'status'> & { readonly decision?: 'skip' | 'incremental' | 'full' };

/** @returns the event that tells of a release as it is recorded. */
export function releaseEvent(record: ReleaseRecord, services: readonly ServiceRecord[]): ReleaseEvent {
  const { id, app, stage, commit, branch, trigger, rollback } = record.release;
  const { status, startedAt, finishedAt, durations, error } = record;
  return {
    ...{ releaseId: id, app, stage, commit, branch, rollback, by: trigger.by },
    ...{ status, startedAt, finishedAt, durations, error },
    services: services.map(({ path, status, decision }) => ({ path, status, decision: decision?.kind })),
  };
}
