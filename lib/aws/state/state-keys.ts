import type { ReleaseKey, Repository, StageKey } from '../../core/contracts/release';
import type { BuildRecord } from '../../core/contracts/state';
import { WAITS } from '../../core/contracts/wait';

/** Keys of the state table's items (contract, see docs/architecture.md). */
export interface StateKey {
  readonly pk: string;
  readonly sk: string;
}

export const stagePartition = ({ app, stage }: StageKey): string => `APP#${app}#STAGE#${stage}`;

/** @returns the stage that a partition key names. */
export function stageOfPartition(pk: string): StageKey {
  const [, app = '', , stage = ''] = pk.split('#');
  return { app, stage };
}

/** Held: has `lockedBy`. Kept when free, for `lastReleaseId`. */
export const lockKey = (stage: StageKey): StateKey => ({ pk: stagePartition(stage), sk: 'LOCK' });
export const waitingKey = (stage: StageKey): StateKey => ({ pk: stagePartition(stage), sk: 'WAITING' });
export const releaseKey = (key: ReleaseKey): StateKey => ({ pk: stagePartition(key), sk: `RELEASE#${key.id}` });
/** The release that a trigger made; prevents a repeated event from making a second one. */
export const eventKey = (stage: StageKey, triggerId: string): StateKey => ({
  pk: stagePartition(stage),
  sk: `EVENT#${triggerId}`,
});

/** Beginning of the sort key of every service's state. */
export const SERVICES = 'SERVICE#';
export const serviceKey = (stage: StageKey, path: string): StateKey => ({
  pk: stagePartition(stage),
  sk: `${SERVICES}${path}`,
});
/**
 * What a release left deployed of a service. Paths have no spaces, so no service's keys lie among those of another
 * whose path begins with its own.
 */
export const deployedKey = (stage: StageKey, path: string, releaseId: string): StateKey => ({
  pk: stagePartition(stage),
  sk: `DEPLOYED#${path} ${releaseId}`,
});

/** Beginning of the sort key of every service record of a release. */
export const serviceRecords = (key: ReleaseKey): string => `${releaseKey(key).sk}#${SERVICES}`;
export const serviceRecordKey = (key: ReleaseKey, path: string): StateKey => ({
  pk: stagePartition(key),
  sk: `${serviceRecords(key)}${path}`,
});

/** Beginning of the sort key of every build of a release. */
export const buildRecords = (key: ReleaseKey): string => `${releaseKey(key).sk}#BUILD#`;
export const buildKey = (key: ReleaseKey, { path, task }: Pick<BuildRecord, 'path' | 'task'>): StateKey => ({
  pk: stagePartition(key),
  sk: `${buildRecords(key)}${path} ${task}`,
});

/** What was told of a release. */
export const noticeKey = (key: ReleaseKey): StateKey => ({
  pk: stagePartition(key),
  sk: `${releaseKey(key).sk}#NOTICE`,
});
/** Whose turn it is to tell of a stage's releases. */
export const noticeTurnKey = (stage: StageKey): StateKey => ({ pk: stagePartition(stage), sk: 'NOTICE' });

/** What the last plan of a stage found unchanged. */
export const plannedKey = (stage: StageKey): StateKey => ({ pk: stagePartition(stage), sk: 'PLANNED' });

/** Beginning of the sort key of every made stage of an app. */
export const MADE_STAGES = 'STAGE#';
export const appPartition = (app: string): string => `APP#${app}`;
export const madeStageKey = ({ app, stage }: StageKey): StateKey => ({
  pk: appPartition(app),
  sk: `${MADE_STAGES}${stage}`,
});

/** Beginning of the sort key of every newest accepted state of a branch, tag or pull request. */
export const REFS = 'REF#';
export const refKey = ({ app, stage }: StageKey, ref: string): StateKey => ({
  pk: appPartition(app),
  sk: `${REFS}${stage}#${ref}`,
});

/** Which repository was found under the name of an app's at first. */
export const repositoryKey = (app: string): StateKey => ({ pk: appPartition(app), sk: 'REPOSITORY' });

/** What the last reconciliation saw of an app's repository. */
export const seenKey = (app: string): StateKey => ({ pk: appPartition(app), sk: 'SEEN' });

/** Ignored pushes of an app, or of all repositories without one. */
export const ignoredPartition = (app: string | undefined): string => appPartition(app ?? '');
/** Made from the event, so that a repeated event is the same item; sorts by time. */
export const ignoredKey = (push: {
  readonly app?: string;
  readonly repository: Repository;
  readonly at: string;
  readonly eventId: string;
}): StateKey => ({ pk: ignoredPartition(push.app), sk: `IGNORED#${push.at}#${push.eventId}` });

/** How much of Lambda's code storage the targets use. */
export const STORAGE_PARTITION = 'STORAGE';
/** Beginning of the sort key of every target's code storage. */
export const STORAGES = 'TARGET#';
export const storageKey = ({ account, region }: { readonly account: string; readonly region: string }): StateKey => ({
  pk: STORAGE_PARTITION,
  sk: `${STORAGES}${account} ${region}`,
});

/** Holds what a release waits for. The state machine writes there itself, see `lib/infra/watched-wait.ts`. */
export const waitsPartition = (releaseId: string): string => `${WAITS}${releaseId}`;
export const waitKey = (releaseId: string, path: string): StateKey => ({
  pk: waitsPartition(releaseId),
  sk: `${SERVICES}${path}`,
});
/** There once the release has ended. */
export const waitsEndKey = (releaseId: string): StateKey => ({ pk: waitsPartition(releaseId), sk: 'ENDED' });
